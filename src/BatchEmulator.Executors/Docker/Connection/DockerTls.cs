using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>TLS to an engine: the trusted authorities, and the client certificate.</summary>
internal sealed class DockerTls
{
    private readonly X509Certificate2Collection _authorities = [];
    private readonly string _trusted = "known to this machine";
    private SslStreamCertificateContext? _own;
    private bool _verifies = true;

    private DockerTls()
    {
    }

    private DockerTls(string authoritiesFile)
    {
        _authorities.ImportFromPemFile(authoritiesFile);
        _trusted = $"in {authoritiesFile}";
    }

    /// <summary>Trusts the authorities of this machine and presents no certificate.</summary>
    public static DockerTls OfMachine { get; } = new();

    /// <param name="folder">
    /// Holds <c>ca.pem</c>, the authorities to trust instead of those of this machine, and <c>cert.pem</c> and <c>key.pem</c>, the client
    /// certificate. Each of the two is optional.
    /// </param>
    /// <param name="verifies">True if the engine must prove its identity.</param>
    /// <exception cref="DockerConfigurationException">A file exists and cannot be used.</exception>
    public static DockerTls Load(string folder, bool verifies)
    {
        try
        {
            var authorities = Path.Combine(folder, "ca.pem");
            var tls = File.Exists(authorities) ? new DockerTls(authorities) : new DockerTls();
            tls._verifies = verifies;
            tls._own = Own(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
            return tls;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DockerConfigurationException($"The certificates in {folder} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Secures a connection to the engine.</summary>
    /// <exception cref="AuthenticationException">
    /// The engine is not the right one; the message completes a sentence that names it.
    /// </exception>
    public async Task<Stream> SecureAsync(Stream connection, string host, CancellationToken cancellationToken)
    {
        string? problem = null;
        var secured = new SslStream(connection);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = host,
                CertificateChainPolicy = Policy(),
                ClientCertificateContext = _own,
                RemoteCertificateValidationCallback = (_, _, chain, errors) => (problem = Problem(host, chain, errors)) is null,
            };
            await secured.AuthenticateAsClientAsync(options, cancellationToken);
            return secured;
        }
        catch (AuthenticationException exception) when (problem is not null)
        {
            await secured.DisposeAsync();
            throw new AuthenticationException(problem, exception);
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    private static SslStreamCertificateContext? Own(string certificateFile, string keyFile)
    {
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
        {
            return null;
        }

        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        if (OperatingSystem.IsWindows())
        {
            // TLS of Windows does not accept a key that is only in memory.
            certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private X509ChainPolicy Policy()
    {
        // Engines' certificates are created by hand and name no revocation list.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (_authorities.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_authorities);
        }

        return policy;
    }

    /// <returns>The problem; null if the certificate is the right one.</returns>
    private string? Problem(string host, X509Chain? chain, SslPolicyErrors errors) => errors switch
    {
        _ when !_verifies => null,
        SslPolicyErrors.None => null,
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "it shows no certificate.",
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => $"its certificate is not issued to {host}.",
        _ when chain?.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid) == true =>
            "its certificate has expired or is not valid yet.",
        _ => $"its certificate is not signed by an authority {_trusted}.",
    };
}
