<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 05/KK-TNCN of Circular 89/2026; an empty figure counts as 0. The template `amount` stands in khbs.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../../../_common/khbs.xsl"/>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct17">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct18 | ../t:ct19)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct20">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct21 | ../t:ct22)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct24">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct25 | ../t:ct26 | ../t:ct27 | ../t:ct28)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct29">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct30 | ../t:ct31)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct32">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct33 | ../t:ct34)[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:ct42">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:ct43 | ../t:ct44)[normalize-space()])"/></xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
