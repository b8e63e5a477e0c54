/// A key that signs in tests and nowhere else.
public enum SigningFixture {
    /// A private key on the curve P-256.
    public static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSA7lkrVMd3qK4EDo
        pMXWvDlRWbVG+80IvqQUgqLK6QuhRANCAAQaSRHmmrqo5N+Z87yzIlAmDKyYCWBO
        67ykgUFwSK7+GrUv19f+O7dKLYaMiVn3bXXkrhL50X78xADpeXGQZpId
        -----END PRIVATE KEY-----
        """
    /// Of that key, for the name index.example, from 2026 until 2126.
    public static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBhzCCAS2gAwIBAgIUExqWLOQ/HzfGYGLXaqoFFncFwsQwCgYIKoZIzj0EAwIw
        GDEWMBQGA1UEAwwNaW5kZXguZXhhbXBsZTAgFw0yNjExMjEyMjI5NDlaGA8yMTI2
        MTAyODIyMjk0OVowGDEWMBQGA1UEAwwNaW5kZXguZXhhbXBsZTBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABBpJEeaauqjk35nzvLMiUCYMrJgJYE7rvKSBQXBIrv4a
        tS/X1/47t0othoyJWfdtdeSuEvnRfvzEAOl5cZBmkh2jUzBRMB0GA1UdDgQWBBRA
        VyWCo6KiMO7YY3XlXzGStpOkNzAfBgNVHSMEGDAWgBRAVyWCo6KiMO7YY3XlXzGS
        tpOkNzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDZsQvOBjc9
        VBFz8OC81rNdDlaFAOXJimGYKF6UtYOXiAIgDxqJ/lyUrIb15xtm2QE97/HOlSPo
        4lDj6+BGj3oYVcw=
        -----END CERTIFICATE-----
        """
    /// Of an RSA key.
    public static let other = """
        -----BEGIN CERTIFICATE-----
        MIICDjCCAXegAwIBAgIUcTExn/XMCqEptDu0Wm0f3C7GGKowDQYJKoZIhvcNAQEL
        BQAwGDEWMBQGA1UEAwwNb3RoZXIuZXhhbXBsZTAgFw0yNjExMjEyMjI5NDlaGA8y
        MTI2MTAyODIyMjk0OVowGDEWMBQGA1UEAwwNb3RoZXIuZXhhbXBsZTCBnzANBgkq
        hkiG9w0BAQEFAAOBjQAwgYkCgYEA7CYj3vqocKmIgvxswcUWyaCgW5/WQ3mlU9mf
        oRPHhRUKvevSQP17ZZV5EVkpJWQMQ/iuHAXXBDNX2HuGgjgCRF41XyTwcoKtzFuY
        FZL/y48wc7RKmOKeq6KFlRIZ0ahAY5bLLRxuw38+X1W6Kfvn/0zpN4MBpSMswzA9
        fiPOPqcCAwEAAaNTMFEwHQYDVR0OBBYEFJbSi3aDWP800YSMfgeDjThs7lEqMB8G
        A1UdIwQYMBaAFJbSi3aDWP800YSMfgeDjThs7lEqMA8GA1UdEwEB/wQFMAMBAf8w
        DQYJKoZIhvcNAQELBQADgYEAjNecLbIKkTLdW6B6guhXU7gWszSu3kKrZYayT2/G
        GmhoYY+esVI+QYdUmG6XIXqJqhgxzgNN8yNsJEGXbuokvNyJrd4LKOGR/jm7fMyQ
        OgcLhwr5WX4IIesIWmCjDrOhAY2Rx5ZI4zDnsjA5OPayKhp7f3SjjWkJ6Z6Whb6z
        3Hs=
        -----END CERTIFICATE-----
        """
}
