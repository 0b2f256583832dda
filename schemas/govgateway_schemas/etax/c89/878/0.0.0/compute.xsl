<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 01/PBVMT of Circular 89/2026. The template `amount` stands in khbs.xsl, the mode `fee` in mining.xsl.
     XSLT 1.0 adds up nodes only, so the rounded fees are made nodes. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                xmlns:exsl="http://exslt.org/common" exclude-result-prefixes="t exsl">

  <xsl:include href="../../../_common/mining.xsl"/>

  <xsl:template match="t:KhoangSan/t:soPhiPhaiNopTrongKy | t:KhoangSan/t:soPhiPhaiNopQuyetToan">
    <xsl:copy><xsl:copy-of select="@*[name() != 'xsi:nil']"/><xsl:apply-templates select=".." mode="fee"/></xsl:copy>
  </xsl:template>

  <xsl:template match="t:KhoangSan/t:chenhLech">
    <xsl:variable name="fee"><xsl:apply-templates select=".." mode="fee"/></xsl:variable>
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$fee - sum(../t:soPhiKKTrongNam[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:PhiBVMT/t:tongPhiPNop | t:PhiBVMT/t:tongSoPhiPhaiNopQuyetToan | t:PhiBVMT/t:tongChenhLech">
    <xsl:variable name="fees">
      <xsl:for-each select="../*/t:TTinKhoangSan/t:KhoangSan">
        <fee><xsl:apply-templates select="." mode="fee"/></fee>
      </xsl:for-each>
    </xsl:variable>
    <xsl:variable name="declared" select="self::t:tongChenhLech/../*/t:TTinKhoangSan/t:KhoangSan/t:soPhiKKTrongNam[normalize-space()]"/>
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum(exsl:node-set($fees)/fee) - sum($declared)"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:PhiBVMT/t:tongSoPhiKKTrongNam">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum(../*/t:TTinKhoangSan/t:KhoangSan/t:soPhiKKTrongNam[normalize-space()])"/></xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
