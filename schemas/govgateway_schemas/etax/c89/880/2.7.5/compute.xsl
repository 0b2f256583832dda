<?xml version="1.0" encoding="UTF-8"?>
<!-- What follows from other values in 01/LP of Circular 89/2026. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../../../_common/fees.xsl"/>
</xsl:stylesheet>
