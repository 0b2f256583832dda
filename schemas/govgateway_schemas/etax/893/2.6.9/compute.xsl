<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 02/PBVMT (893). The template `amount` stands in khbs.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../../_common/mining.xsl"/>

  <xsl:variable name="declared" select="sum(/t:HSoThueDTu/t:HSoKhaiThue/t:CTieuTKhaiChinh/t:PhiBVMT/*/t:TTinKhoangSan/t:KhoangSan/t:soPhiKKTrongNam[normalize-space()])"/>

  <xsl:template match="t:KhoangSan/t:soPhiPhaiNopQuyetToan">
    <xsl:copy><xsl:copy-of select="@*[name() != 'xsi:nil']"/><xsl:apply-templates select=".." mode="fee"/></xsl:copy>
  </xsl:template>

  <xsl:template match="t:KhoangSan/t:chenhLech">
    <xsl:variable name="fee"><xsl:apply-templates select=".." mode="fee"/></xsl:variable>
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$fee - sum(../t:soPhiKKTrongNam[normalize-space()])"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:PhiBVMT/t:tongSoPhiPhaiNopQuyetToan">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$total-fee"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:PhiBVMT/t:tongSoPhiKKTrongNam">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$declared"/></xsl:call-template>
  </xsl:template>

  <xsl:template match="t:PhiBVMT/t:tongChenhLech">
    <xsl:call-template name="amount"><xsl:with-param name="value" select="$total-fee - $declared"/></xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
