<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 05/KK-TNCN (864); an empty figure counts as 0. The template `amount` stands in khbs.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../../_common/khbs.xsl"/>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct18">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct19 | ../t:ct20)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct21">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct22 | ../t:ct23)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct26">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct27 | ../t:ct28)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct29">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct30 | ../t:ct31)[normalize-space()])"/></xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
