import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * The JDK's own XMLDSig.
 *
 * <p>verify FILE...: for each Signature of each file a line "FILE true|false URI URI".
 *
 * <p>sign KEYSTORE PASSWORD JOBS: signs as each line of the file JOBS says, tab-separated: input, output, place (local
 * names below the document element, with slashes), URI, C14N, signature method, digest method, transforms (with
 * spaces), signing time (empty: none).
 */
public class SignatureCheck {
    private static final XMLSignatureFactory FACTORY = XMLSignatureFactory.getInstance("DOM");

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("sign")) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            char[] password = arguments[2].toCharArray();
            keys.load(new FileInputStream(arguments[1]), password);
            for (String job : Files.readAllLines(Path.of(arguments[3]))) {
                sign(keys, password, job.split("\t", -1));
            }
            return;
        }
        for (int i = 1; i < arguments.length; i++) {
            verify(arguments[i]);
        }
    }

    private static void verify(String file) throws Exception {
        Document document = read(file);
        NodeList signatures = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
        for (int i = 0; i < signatures.getLength(); i++) {
            Element signature = (Element) signatures.item(i);
            DOMValidateContext context = new DOMValidateContext(certificateOf(signature).getPublicKey(), signature);
            context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
            XMLSignature parsed = FACTORY.unmarshalXMLSignature(context);
            StringBuilder line = new StringBuilder(file + " " + parsed.validate(context));
            for (Object reference : parsed.getSignedInfo().getReferences()) {
                line.append(' ').append(((Reference) reference).getURI());
            }
            System.out.println(line);
        }
    }

    private static X509Certificate certificateOf(Element signature) throws Exception {
        String text = signature.getElementsByTagNameNS(XMLSignature.XMLNS, "X509Certificate").item(0).getTextContent();
        byte[] der = java.util.Base64.getMimeDecoder().decode(text);
        return (X509Certificate) CertificateFactory.getInstance("X.509")
            .generateCertificate(new java.io.ByteArrayInputStream(der));
    }

    private static void sign(KeyStore keys, char[] password, String[] job) throws Exception {
        Document document = read(job[0]);
        String alias = keys.aliases().nextElement();
        X509Certificate certificate = (X509Certificate) keys.getCertificate(alias);
        List<Transform> transforms = new ArrayList<>();
        for (String each : job[7].isEmpty() ? new String[0] : job[7].split(" ")) {
            transforms.add(FACTORY.newTransform(each, (TransformParameterSpec) null));
        }
        DigestMethod digest = FACTORY.newDigestMethod(job[6], null);
        List<Reference> references = new ArrayList<>();
        references.add(FACTORY.newReference(job[3], digest, transforms.isEmpty() ? null : transforms, null, null));
        List<XMLObject> objects = new ArrayList<>();
        if (!job[8].isEmpty()) {
            references.add(FACTORY.newReference("#SigningTime-1", digest));
            objects.add(signingTime(document, job[8]));
        }
        CanonicalizationMethod canonicalization =
            FACTORY.newCanonicalizationMethod(job[4], (C14NMethodParameterSpec) null);
        SignedInfo information =
            FACTORY.newSignedInfo(canonicalization, FACTORY.newSignatureMethod(job[5], null), references);
        KeyInfoFactory infos = FACTORY.getKeyInfoFactory();
        KeyInfo info = infos.newKeyInfo(List.of(infos.newX509Data(List.of(certificate))));
        DOMSignContext context =
            new DOMSignContext((PrivateKey) keys.getKey(alias, password), at(document.getDocumentElement(), job[2]));
        FACTORY.newXMLSignature(information, info, objects, "Signature-1", null).sign(context);
        TransformerFactory.newInstance().newTransformer()
            .transform(new DOMSource(document), new StreamResult(new File(job[1])));
    }

    private static XMLObject signingTime(Document document, String text) {
        Element time = document.createElementNS(XMLSignature.XMLNS, "SigningTime");
        time.setTextContent(text);
        var property = FACTORY.newSignatureProperty(List.of(new DOMStructure(time)), "signatureProperties", null);
        var properties = FACTORY.newSignatureProperties(List.of(property), null);
        return FACTORY.newXMLObject(List.of(properties), "SigningTime-1", null, null);
    }

    private static Element at(Element element, String path) {
        for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
            Node child = element.getFirstChild();
            while (!name.equals(child.getLocalName())) {
                child = child.getNextSibling();
            }
            element = (Element) child;
        }
        return element;
    }

    /** The document of a file, with every Id, ID and id known as an id. */
    private static Document read(String file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(new File(file));
        NodeList elements = document.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            for (String name : List.of("Id", "ID", "id")) {
                if (((Element) elements.item(i)).hasAttribute(name)) {
                    ((Element) elements.item(i)).setIdAttribute(name, true);
                }
            }
        }
        return document;
    }
}
