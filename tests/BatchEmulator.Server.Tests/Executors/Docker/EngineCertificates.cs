using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>A certificate authority and the certificates that it signed, created for one test.</summary>
internal sealed class EngineCertificates : IDisposable
{
    private readonly X509Certificate2 _authority;

    public EngineCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority " + Guid.NewGuid().ToString("N"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(Now.AddHours(-2), Now.AddHours(2));
    }

    public X509Certificate2 Authority => _authority;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _authority.Dispose();

    /// <summary>The certificate of an engine at 127.0.0.1.</summary>
    public X509Certificate2 Engine(bool expired = false) => Sign(
        names =>
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName("engine.test");
        },
        expired ? Now.AddHours(-1) : Now.AddHours(1));

    /// <summary>Writes <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c> of a client, as the docker command expects them.</summary>
    public void WriteClient(string folder)
    {
        using var certificate = Sign(names => names.AddDnsName("client.test"), Now.AddHours(1));
        using var key = certificate.GetECDsaPrivateKey()!;
        Directory.CreateDirectory(folder);
        WriteAuthority(folder);
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    public void WriteAuthority(string folder) => File.WriteAllText(Path.Combine(folder, "ca.pem"), _authority.ExportCertificatePem());

    private X509Certificate2 Sign(Action<SubjectAlternativeNameBuilder> name, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=signed", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, Now.AddHours(-2), until, Guid.NewGuid().ToByteArray());
        return certificate.CopyWithPrivateKey(key);
    }
}
