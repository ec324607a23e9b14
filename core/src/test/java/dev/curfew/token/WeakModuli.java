package dev.curfew.token;

/** Moduli of 2048 bits, in base64url, which look like good ones. Made for these tests; nobody's keys. */
final class WeakModuli {
    /** A prime number. */
    static final String PRIME =
            "4NCGHk9-I1NCJ-gg5qYFJmCzvtzg7A3q_ENNbmBUqiTbwBs9LqIDjCThZscHlKdQbMO6UDGDXR05M9_-n1eJhfQfrkpVGJg9"
                    + "qYZH_hYbgN7Jzl3cKlIYPlbf0h6dH1wBa4gWd2tay3NpRHLRp9MpRuCBN_M6CH7JH5XpBYcTS-ELzA0c1akxRZm6aVq3jYOH"
                    + "XDmBqESrJth7geXgMJ5gQ36j7yfi6QUopOBonhiI3yBb0PUhvoR2Kzub4F0OjiMpsmCaC90rdVCMZWAY7uONwVwixGlj6Wj9"
                    + "ZNR0jKPHfr8DqjiX_PTGthhsOejHu2n24qIU6LvpxnUdUkkFdf_Imw";

    /** A prime of 1024 bits times the next one. */
    static final String NEXT_PRIMES =
            "scJ26Ni2n4sRMHJ2NmeLKUipGrA2dSOsPKwvwf5VrjI5eFz1_lHqNUqiEtC46GBE0P-FwviCDL3gBwETP13hk_OFT3keMvbj"
                    + "-R8CpfSyoSoRdo7m_PzBG3G1R-FOqt2Kytw59fSaz7CxDyO4XnfaE25KaAJHzBTQBQbbYSCoGwCETRNnOG3DkBYAxPhtUkv8"
                    + "Pmj-whLuRzw5jcR-lWvWcy_sQ4yYkZDBn0-wIRWXPC1C8ukja0zVHiEn46M4si67KZvyTO988bIXgYaDNt6ma4us3zIHBcqf"
                    + "BZhB_wG_RARrLMHwGTKjONOGL5SD6TEbGfEfSl1ljQQQisOj6OCcNQ";

    /** The square of a prime. */
    static final String SQUARE =
            "scJ26Ni2n4sRMHJ2NmeLKUipGrA2dSOsPKwvwf5VrjI5eFz1_lHqNUqiEtC46GBE0P-FwviCDL3gBwETP13hk_OFT3keMvbj"
                    + "-R8CpfSyoSoRdo7m_PzBG3G1R-FOqt2Kytw59fSaz7CxDyO4XnfaE25KaAJHzBTQBQbbYSCoGLKMAwK43IjEvxBttVGs0-LC"
                    + "ehlKLSwJoPAQpMAaoaqfAm39y2HNOxhyLWRv3zXmclgf1_0wTkFSLGlstJ_Vh_OGzS-U06oPC69AtMUT3XZNDF_6AA0rBxx6"
                    + "NQJHzU8f_OzwpeEryThbzcLPDOUdtrLFMaXoqlNt9Khut9Do_ScRUQ";

    /** 997 times a prime. */
    static final String SMALL_FACTOR =
            "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACc7-R_Q"
                    + "PUqKeR-ijEjSViuXphSN4lwICrLBf3wyDtoH6WtskO-ToeDeWUyBTMCwc3pmpjsVOhXkI3iebc9094ProvBX0-7VHzVpup2T"
                    + "Agoe2uqqAFo17lflYFm38H_5dRhki86vzCXSV2O2CpEDmGUbQ9KCqZILgGg96KqaLI_VA45qs-pRpt0JJXFNYrMH-gDu7Le3"
                    + "yQ4XrBxL2cJeVdIdIG_fNPNB0OyrRLkxyc7Rfh7Y2GmPaIA6SNu5lw";

    /** Two primes {@code k * M + 65537^a mod M}, M being the product of the first 126 primes. */
    static final String ROCA =
            "3GGTJP3HgztWZQCbP2JDwutmj3rOzoUJo02tXKfD4oaet9xACqllM2zs6GZylUxLp5Y213xGZIdtnLs8t15-fyRhCgXFl7S8"
                    + "a2q41_AhXoYaAqIZPjTEECy63Z2z4zE00AHGLMV0VG-ToBF3MjQFuEw_y_umcmrODl0xpQGpV5R2KmzqGYV3U9P26ejCxXXk"
                    + "rOsxzzMkolnVTW6ePPqmoFxBMZU3wuwunZAI-wk_gYpT2h0tFqT985XS-vWaAxqBoRg_eQfoKTUylfXnKFIIuNFl60g0iyXs"
                    + "jsC5u8mxxky4pApJnV4eEbw2iRtLzizaSjHU4cEWf0bzBIiEt-pHCQ";

    private WeakModuli() {}
}
