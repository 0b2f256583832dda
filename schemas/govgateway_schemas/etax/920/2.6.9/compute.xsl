<?xml version="1.0" encoding="UTF-8"?>
<!-- As 2.7.5. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="http://kekhaithue.gdt.gov.vn/TKhaiThue"
                exclude-result-prefixes="t">

  <xsl:include href="../2.7.5/compute.xsl"/>
</xsl:stylesheet>
