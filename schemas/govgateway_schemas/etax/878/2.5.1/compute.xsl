<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 01/PBVMT (878). -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../../_common/mining.xsl"/>

  <xsl:template match="t:KhoangSan/t:soPhiPhaiNopTrongKy">
    <xsl:copy><xsl:copy-of select="@*[name() != 'xsi:nil']"/><xsl:apply-templates select=".." mode="fee"/></xsl:copy>
  </xsl:template>

  <xsl:template match="t:PhiBVMT/t:tongPhiPNop">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$total-fee"/></xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
