<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 01/LPMB (824); an empty figure counts as 0. The template `amount` stands in khbs.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../../_common/khbs.xsl"/>

  <xsl:template match="t:CTieuTKhaiChinh/t:tongcong_ddkd">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum(../t:DiaDiemKD/t:DiaDiemKinhDoanh/t:ct7[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:CTieuTKhaiChinh/t:tong">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="sum((../t:NguoiNopLPMB/t:ct7 | ../t:DiaDiemKD/t:DiaDiemKinhDoanh/t:ct7)[normalize-space()])"/></xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
