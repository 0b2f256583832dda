import java.io.File;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Verifies each Signature of a file with the JDK's own XMLDSig and prints "true|false URI URI" for each. */
public class SignatureCheck {
    public static void main(String[] arguments) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(new File(arguments[0]));
        NodeList signatures = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
        for (int i = 0; i < signatures.getLength(); i++) {
            Element signature = (Element) signatures.item(i);
            String text = signature.getElementsByTagNameNS(XMLSignature.XMLNS, "X509Certificate").item(0).getTextContent();
            byte[] der = java.util.Base64.getMimeDecoder().decode(text);
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new java.io.ByteArrayInputStream(der));
            PublicKey key = certificate.getPublicKey();
            DOMValidateContext context = new DOMValidateContext(key, signature);
            context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
            Element node = (Element) document.getElementsByTagNameNS("*", "HSoKhaiThue").item(0);
            context.setIdAttributeNS(node, null, "id");
            NodeList objects = signature.getElementsByTagNameNS(XMLSignature.XMLNS, "Object");
            for (int j = 0; j < objects.getLength(); j++) {
                context.setIdAttributeNS((Element) objects.item(j), null, "Id");
            }
            XMLSignature parsed = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
            StringBuilder line = new StringBuilder(String.valueOf(parsed.validate(context)));
            for (Object reference : parsed.getSignedInfo().getReferences()) {
                line.append(' ').append(((Reference) reference).getURI());
            }
            System.out.println(line);
        }
    }
}
