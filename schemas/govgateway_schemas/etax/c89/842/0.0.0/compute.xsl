<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 01/GTGT of Circular 89/2026; an empty figure counts as 0. The template `amount` stands in khbs.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../../../_common/khbs.xsl"/>

  <xsl:variable name="return" select="/t:HSoThueDTu/t:HSoKhaiThue/t:CTieuTKhaiChinh"/>
  <xsl:variable name="taxable" select="sum(($return/t:ct29 | $return/t:HHDVBRaChiuTSuat5/t:ct30 | $return/t:HHDVBRaChiuTSuat10/t:ct32 | $return/t:ct32a | $return/t:ct32b)[normalize-space()])"/>
  <xsl:variable name="tax" select="sum(($return/t:HHDVBRaChiuTSuat5/t:ct31 | $return/t:HHDVBRaChiuTSuat10/t:ct33)[normalize-space()])"/>
  <xsl:variable name="arising" select="$tax - sum($return/t:ct25[normalize-space()])"/>
  <!-- [36]-[22]+[37]-[38]-[39a] -->
  <xsl:variable name="balance" select="$arising + sum($return/t:ct37[normalize-space()]) - sum(($return/t:ct22 | $return/t:ct38 | $return/t:ct39a)[normalize-space()])"/>
  <xsl:variable name="payable" select="$balance * ($balance &gt; 0) + 0"/>
  <xsl:variable name="deductible" select="$payable - $balance"/>

  <xsl:template match="t:CTieuTKhaiChinh/t:HHDVBRaChiuThueGTGT/t:ct27">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$taxable"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:HHDVBRaChiuThueGTGT/t:ct28 | t:CTieuTKhaiChinh/t:TongDThuVaThueGTGTHHDVBRa/t:ct35">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$tax"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:TongDThuVaThueGTGTHHDVBRa/t:ct34">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$taxable + sum(($return/t:ct26 | $return/t:ct34a)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct36">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$arising"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct40a">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$payable"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct40">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$payable - sum(../t:ct40b[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct41">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$deductible"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct43">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$deductible - sum(../t:ct42[normalize-space()])"/></xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
