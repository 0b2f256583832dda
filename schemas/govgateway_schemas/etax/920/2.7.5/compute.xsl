<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 02/PH (920). The template `money` stands in fees.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../../_common/fees.xsl"/>

  <!-- What was retained in a year is the sum of what was retained, and rounded, in its months: it is not worked out from the share. -->
  <xsl:template match="t:NoiDung01PH/t:ChiTietPhi" mode="retained">
    <xsl:value-of select="t:soTienPHTrichTheoCheDo"/>
  </xsl:template>

  <!-- (9)=(7)-(8). -->
  <xsl:template match="t:NoiDung01PH/t:ChiTietPhi/t:chenhLech">
    <xsl:variable name="payable"><xsl:apply-templates select=".." mode="payable"/></xsl:variable>
    <xsl:copy>
      <xsl:copy-of select="@*[name() != 'xsi:nil']"/>
      <xsl:call-template name="money">
        <xsl:with-param name="currency" select="../t:ma_DonViTien"/>
        <xsl:with-param name="value" select="$payable - sum(../t:soTienPHKKTrongKy[normalize-space()])"/>
      </xsl:call-template>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
