<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in declarations of fees and charges; an empty figure counts as 0. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue" xmlns:exsl="http://exslt.org/common" exclude-result-prefixes="t exsl">

  <xsl:include href="khbs.xsl"/>

  <xsl:key name="fee-lines" match="t:ChiTietPhi | t:ChiTietLePhi" use="concat(generate-id(..), t:ma_DonViTien)"/>

  <!-- An amount in `currency`: đồng in whole numbers, any other with two decimals. -->
  <xsl:template name="money">
    <xsl:param name="currency"/>
    <xsl:param name="value"/>
    <xsl:choose>
      <xsl:when test="$currency = 'VND'"><xsl:value-of select="format-number($value, '0')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="format-number($value, '0.00')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- (6)=(4)x(5)/100, rounded to the đồng, or to hundredths of another currency. -->
  <xsl:template match="t:ChiTietPhi" mode="retained">
    <xsl:variable name="unit" select="1 + 99 * (t:ma_DonViTien != 'VND')"/>
    <xsl:call-template name="money">
      <xsl:with-param name="currency" select="t:ma_DonViTien"/>
      <xsl:with-param name="value" select="round($unit * sum(t:soTienPHThuDuoc[normalize-space()]) * sum(t:tyLe[normalize-space()]) div 100) div $unit + 0"/>
    </xsl:call-template>
  </xsl:template>

  <!-- (7)=(4)-(6). -->
  <xsl:template match="t:ChiTietPhi" mode="payable">
    <xsl:variable name="retained"><xsl:apply-templates select="." mode="retained"/></xsl:variable>
    <xsl:call-template name="money">
      <xsl:with-param name="currency" select="t:ma_DonViTien"/>
      <xsl:with-param name="value" select="sum(t:soTienPHThuDuoc[normalize-space()]) - sum(exsl:node-set($retained)[normalize-space()])"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="t:ChiTietLePhi" mode="payable">
    <xsl:value-of select="sum(t:soTienPHPhaiNop[normalize-space()])"/>
  </xsl:template>

  <xsl:template match="t:ChiTietPhi/t:soTienPHTrichTheoCheDo">
    <xsl:copy><xsl:copy-of select="@*[name() != 'xsi:nil']"/><xsl:apply-templates select=".." mode="retained"/></xsl:copy>
  </xsl:template>

  <xsl:template match="t:ChiTietPhi/t:soTienPHPhaiNop">
    <xsl:copy><xsl:copy-of select="@*[name() != 'xsi:nil']"/><xsl:apply-templates select=".." mode="payable"/></xsl:copy>
  </xsl:template>

  <!-- One total for each currency in order of first appearance. XSLT 1.0 adds up nodes only, so what is payable is made nodes. -->
  <xsl:template match="t:TongCong01PH | t:TongCong01LP">
    <xsl:variable name="totals" select="t:ChiTietTongCongTheoLoaiTien"/>
    <xsl:variable name="lines" select="../t:NoiDung01PH/t:ChiTietPhi | ../t:NoiDung01LP/t:ChiTietLePhi"/>
    <xsl:copy>
      <xsl:copy-of select="@*[name() != 'xsi:nil']"/>
      <xsl:for-each select="$lines[normalize-space(t:ma_DonViTien) and generate-id() = generate-id(key('fee-lines', concat(generate-id(..), t:ma_DonViTien))[1])]">
        <xsl:variable name="currency" select="string(t:ma_DonViTien)"/>
        <xsl:variable name="payable">
          <xsl:for-each select="key('fee-lines', concat(generate-id(..), $currency))">
            <line><xsl:apply-templates select="." mode="payable"/></line>
          </xsl:for-each>
        </xsl:variable>
        <ChiTietTongCongTheoLoaiTien>
          <xsl:copy-of select="$totals[t:ma_DonViTien = $currency][1]/@*"/>
          <ma_DonViTien><xsl:value-of select="$currency"/></ma_DonViTien>
          <xsl:copy-of select="$totals[t:ma_DonViTien = $currency][1]/t:ten_DonViTien"/>
          <tongCong>
            <xsl:call-template name="money">
              <xsl:with-param name="currency" select="$currency"/>
              <xsl:with-param name="value" select="sum(exsl:node-set($payable)/t:line)"/>
            </xsl:call-template>
          </tongCong>
        </ChiTietTongCongTheoLoaiTien>
      </xsl:for-each>
    </xsl:copy>
  </xsl:template>

</xsl:stylesheet>
