<?xml version="1.0" encoding="UTF-8"?>
<!-- The environmental protection fee for mining; an empty figure counts as 0. A form's compute.xsl says which elements hold it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                xmlns:exsl="http://exslt.org/common" exclude-result-prefixes="t exsl">

  <xsl:include href="khbs.xsl"/>

  <!-- (9) = [(3)x(4)x(8)] + [(6)x(7)x(8)], rounded to the đồng. -->
  <xsl:template match="t:KhoangSan" mode="fee">
    <xsl:value-of select="format-number(round((sum(t:soLuongDDBXT[normalize-space()]) * sum(t:mucPhiCuaDDBXT[normalize-space()]) + sum(t:soLuong[normalize-space()]) * sum(t:mucPhiTheoTungLoaiKS[normalize-space()])) * sum(t:heSoTinhPhi[normalize-space()])), '0')"/>
  </xsl:template>

  <!-- XSLT 1.0 adds up nodes only, so the rounded fees are made nodes. -->
  <xsl:variable name="fees">
    <xsl:for-each select="/t:HSoThueDTu/t:HSoKhaiThue/t:CTieuTKhaiChinh/t:PhiBVMT/*/t:TTinKhoangSan/t:KhoangSan">
      <fee><xsl:apply-templates select="." mode="fee"/></fee>
    </xsl:for-each>
  </xsl:variable>
  <xsl:variable name="total-fee" select="sum(exsl:node-set($fees)/fee)"/>

</xsl:stylesheet>
