<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in the appendices of a supplementary declaration: PL01_KHBS (01/KHBS) and PL01_1_KHBS (01-1/KHBS).
     Everything else is copied as it stands, so a form's compute.xsl includes this file and adds templates of its own.
     [07], [08] and [09] of 01-1/KHBS are taken from [10]+[11], [12] and [13] of 01/KHBS, as Circular 89/2026 ties them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue" exclude-result-prefixes="t">

  <xsl:template match="@* | node()">
    <xsl:copy><xsl:apply-templates select="@* | node()"/></xsl:copy>
  </xsl:template>

  <!-- The element at hand with an amount in đồng. -->
  <xsl:template name="amount">
    <xsl:param name="value"/>
    <xsl:copy><xsl:copy-of select="@*[name() != 'xsi:nil']"/><xsl:value-of select="format-number($value, '0')"/></xsl:copy>
  </xsl:template>

  <!-- The total of `lines` in đồng, in an element `name`: where an `old` one stood, or where there are lines and no totals by currency stand `instead`. -->
  <xsl:template name="total">
    <xsl:param name="name"/>
    <xsl:param name="old"/>
    <xsl:param name="lines"/>
    <xsl:param name="instead" select="/.."/>
    <xsl:if test="$old or ($lines and not($instead))">
      <xsl:element name="{$name}">
        <xsl:copy-of select="$old/@*[name() != 'xsi:nil']"/>
        <xsl:value-of select="format-number(sum($lines/t:ct3[normalize-space()]), '0')"/>
      </xsl:element>
    </xsl:if>
  </xsl:template>

  <!-- One total for each currency of `lines`, in order of first appearance: an element `row` with the amount in an element `item`.
       `old` are the totals that stood there, whose attributes are kept; `allocated`, in đồng, is added to the total in đồng. -->
  <xsl:template name="totals-by-currency">
    <xsl:param name="lines"/>
    <xsl:param name="row"/>
    <xsl:param name="item"/>
    <xsl:param name="old"/>
    <xsl:param name="allocated" select="0"/>
    <xsl:if test="$lines">
      <xsl:variable name="currency" select="string($lines[1]/t:ma_DonViTien)"/>
      <xsl:variable name="total" select="sum($lines[t:ma_DonViTien = $currency]/t:ct3[normalize-space()])"/>
      <xsl:element name="{$row}">
        <xsl:copy-of select="$old[t:ma_DonViTien = $currency][1]/@*"/>
        <xsl:element name="{$item}">
          <xsl:choose>
            <xsl:when test="$currency = 'VND'"><xsl:value-of select="format-number($total + $allocated, '0')"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="format-number($total, '0.00')"/></xsl:otherwise>
          </xsl:choose>
        </xsl:element>
        <ma_DonViTien><xsl:value-of select="$currency"/></ma_DonViTien>
      </xsl:element>
      <xsl:call-template name="totals-by-currency">
        <xsl:with-param name="lines" select="$lines[t:ma_DonViTien != $currency]"/>
        <xsl:with-param name="row" select="$row"/>
        <xsl:with-param name="item" select="$item"/>
        <xsl:with-param name="old" select="$old"/>
        <xsl:with-param name="allocated" select="$allocated"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- 01/KHBS, A.I.1: a total for each currency, or one in đồng. -->
  <xsl:template match="t:PL01_KHBS/t:Muc_A/t:Muc_I/t:Muc_1">
    <xsl:variable name="plain" select="t:ChiTiet[not(normalize-space(t:ma_DonViTien))]"/>
    <xsl:copy>
      <xsl:apply-templates select="@* | t:ChiTiet"/>
      <xsl:call-template name="totals-by-currency">
        <xsl:with-param name="lines" select="t:ChiTiet[normalize-space(t:ma_DonViTien)]"/>
        <xsl:with-param name="row" select="'TongCong10'"/>
        <xsl:with-param name="item" select="'ct10'"/>
        <xsl:with-param name="old" select="t:TongCong10"/>
      </xsl:call-template>
      <xsl:if test="t:tongCong_ct10 or $plain">
        <tongCong_ct10><xsl:value-of select="format-number(sum($plain/t:ct3[normalize-space()]), '0')"/></tongCong_ct10>
      </xsl:if>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="t:PL01_KHBS/t:Muc_A/t:Muc_I/t:Muc_2/t:DSachPLuc/t:tongCong_ct11">
    <xsl:call-template name="amount">
      <xsl:with-param name="value" select="sum(../t:BKePLuc/t:CTietPLuc/t:ChiTiet/t:ct7[normalize-space()])"/>
    </xsl:call-template>
  </xsl:template>

  <!-- 01/KHBS, A.II and A.III: [12] and [13]. -->
  <xsl:template match="t:PL01_KHBS/t:Muc_A/t:Muc_II | t:PL01_KHBS/t:Muc_A/t:Muc_III">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()[not(self::t:tongCong_ct12 or self::t:tongCong_ct13)]"/>
      <xsl:call-template name="total">
        <xsl:with-param name="name" select="concat('tongCong_ct', 12 + count(self::t:Muc_III))"/>
        <xsl:with-param name="old" select="t:tongCong_ct12 | t:tongCong_ct13"/>
        <xsl:with-param name="lines" select="t:ChiTiet"/>
      </xsl:call-template>
    </xsl:copy>
  </xsl:template>

  <!-- 01-1/KHBS: (6)=(5)-(4), where both are figures. -->
  <xsl:template match="t:PL01_1_KHBS/t:Muc_A/t:DSachHSo/t:BKeHSo/t:CTietHSo/t:ChiTiet[number(t:ct04) = number(t:ct04) and number(t:ct05) = number(t:ct05)]/t:ct06">
    <xsl:copy><xsl:copy-of select="@*[name() != 'xsi:nil']"/><xsl:value-of select="format-number(../t:ct05 - ../t:ct04, '0.######')"/></xsl:copy>
  </xsl:template>

  <!-- 01-1/KHBS, the totals: [7a] for each currency, or [07] in đồng. -->
  <xsl:template match="t:PLuc[t:PL01_KHBS]/t:PL01_1_KHBS/t:Muc_A/t:DSachHSo/t:TongCong">
    <xsl:variable name="payable" select="../../../../t:PL01_KHBS/t:Muc_A/t:Muc_I"/>
    <xsl:variable name="plain" select="$payable/t:Muc_1/t:ChiTiet[not(normalize-space(t:ma_DonViTien))]"/>
    <xsl:variable name="allocated" select="sum($payable/t:Muc_2/t:DSachPLuc/t:BKePLuc/t:CTietPLuc/t:ChiTiet/t:ct7[normalize-space()])"/>
    <xsl:copy>
      <xsl:apply-templates select="@*"/>
      <xsl:call-template name="totals-by-currency">
        <xsl:with-param name="lines" select="$payable/t:Muc_1/t:ChiTiet[normalize-space(t:ma_DonViTien)]"/>
        <xsl:with-param name="row" select="'TongCong_7'"/>
        <xsl:with-param name="item" select="'ct7'"/>
        <xsl:with-param name="old" select="t:TongCong_7"/>
        <xsl:with-param name="allocated" select="$allocated"/>
      </xsl:call-template>
      <xsl:apply-templates select="t:TongCong_8 | t:TongCong_9"/>
      <xsl:if test="t:tongCong_7 or $plain">
        <tongCong_7><xsl:value-of select="format-number(sum($plain/t:ct3[normalize-space()]) + $allocated, '0')"/></tongCong_7>
      </xsl:if>
      <xsl:call-template name="total">
        <xsl:with-param name="name" select="'tongCong_8'"/>
        <xsl:with-param name="old" select="t:tongCong_8"/>
        <xsl:with-param name="lines" select="../../../../t:PL01_KHBS/t:Muc_A/t:Muc_II/t:ChiTiet"/>
        <xsl:with-param name="instead" select="t:TongCong_8"/>
      </xsl:call-template>
      <xsl:call-template name="total">
        <xsl:with-param name="name" select="'tongCong_9'"/>
        <xsl:with-param name="old" select="t:tongCong_9"/>
        <xsl:with-param name="lines" select="../../../../t:PL01_KHBS/t:Muc_A/t:Muc_III/t:ChiTiet"/>
        <xsl:with-param name="instead" select="t:TongCong_9"/>
      </xsl:call-template>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
