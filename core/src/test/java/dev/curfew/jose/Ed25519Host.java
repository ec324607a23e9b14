package dev.curfew.jose;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Callable;

/** A host that verifies the example of RFC 8037, appendix A.4, with whatever its class path has. */
public final class Ed25519Host implements Callable<String> {
    public Ed25519Host() {}

    @Override
    public String call() throws Exception {
        String x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        VerificationKey key = JwkSetReader.read(
                        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x + "\"}]}")
                .candidates(new TokenHeader(Algorithm.EDDSA, null, null))
                .get(0);
        boolean isTink = TinkEd25519.find(
                        HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
                .isPresent();
        byte[] signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes(StandardCharsets.US_ASCII);
        byte[] signature = Base64.getUrlDecoder()
                .decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        String right = isRight(key, signed, signature);
        signature[0] ^= 1;
        return (isTink ? "tink" : "JDK") + ", " + right + ", " + isRight(key, signed, signature);
    }

    private static String isRight(VerificationKey key, byte[] signed, byte[] signature) {
        return key.verifies(Algorithm.EDDSA, signed, signature) ? "right" : "wrong";
    }
}
