using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>Engines that are reached by TLS.</summary>
public sealed class DockerTlsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
    private readonly EngineCertificates _certificates = new();
    private string _image = "";
    private TlsEngine? _engine;

    private string Certificates => Path.Combine(_folder, "certificates");

    public async ValueTask InitializeAsync()
    {
        _image = await DockerTestEngine.ImageAsync();
        _certificates.WriteClient(Certificates);
        await ListenAsync(_certificates);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Job_runs()
    {
        var observer = new RecordingObserver();
        await using var executor = new DockerExecutor(
            observer,
            await FindAsync(),
            new() { InstanceId = Guid.NewGuid().ToString("N") },
            (_, _) => Task.FromResult(0L),
            NullLogger<DockerExecutor>.Instance);
        var launch = Launch.Of(Launch.Container(_image, "sh", "-c", "echo 1; sleep 1; echo 2; exit 3"));

        executor.Start(launch);

        (await observer.ContainerEndAsync(launch.Key)).Should().Be(new ContainerEnd("default", 3));
        observer.Lines(launch.Key).Should().Equal("1", "2");
    }

    [Fact]
    public async Task Engine_of_another_authority_is_refused()
    {
        using var others = new EngineCertificates();
        others.WriteAuthority(Certificates);

        (await RefusalAsync()).Should().Be(
            $"Cannot connect to the Docker daemon at {_engine!.Address}: "
            + $"its certificate is not signed by an authority in {Path.Combine(Certificates, "ca.pem")}.");
    }

    [Fact]
    public async Task Engine_of_another_host_is_refused() => (await RefusalAsync(host: $"tcp://localhost:{_engine!.Port}")).Should().Be(
        $"Cannot connect to the Docker daemon at tcp://localhost:{_engine.Port}: its certificate is not issued to localhost.");

    [Fact]
    public async Task Engine_with_an_old_certificate_is_refused()
    {
        await ListenAsync(_certificates, expired: true);

        (await RefusalAsync()).Should().EndWith(": its certificate has expired or is not valid yet.");
    }

    [Fact]
    public async Task Engine_that_requires_a_certificate_refuses_a_client_without_one()
    {
        File.Delete(Path.Combine(Certificates, "key.pem"));

        (await RefusalAsync()).Should().StartWith($"Cannot connect to the Docker daemon at {_engine!.Address}");
    }

    [Fact]
    public async Task Certificates_that_cannot_be_read_are_named()
    {
        await File.WriteAllTextAsync(Path.Combine(Certificates, "cert.pem"), "nonsense");

        (await RefusalAsync()).Should().StartWith($"The certificates in {Certificates} cannot be used: ");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Context_brings_its_certificates(bool skipsVerification)
    {
        using var others = new EngineCertificates();
        var contexts = new ContextFolder(_folder);
        contexts.Add("remote", _engine!.Address, skipsVerification);
        _certificates.WriteClient(contexts.CertificatesOf("remote"));
        if (skipsVerification)
        {
            others.WriteAuthority(contexts.CertificatesOf("remote"));
        }

        var search = new DockerSearch(new() { ConfigurationFolder = _folder, Context = "remote" });
        using var engine = await search.FirstAsync(CancellationToken.None);

        (await engine.HasImageAsync(_image, CancellationToken.None)).Should().BeTrue();
    }

    private async Task ListenAsync(EngineCertificates certificates, bool expired = false)
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        using var engine = await DockerTestEngine.ConnectAsync();
        _engine = new TlsEngine(engine.Address, certificates.Engine(expired), certificates.Authority);
    }

    private async Task<string> RefusalAsync(string? host = null) =>
        (await this.Awaiting(_ => FindAsync(host)).Should().ThrowAsync<NoDockerEngineException>()).Which.Message;

    private Task<DockerEngine> FindAsync(string? host = null)
    {
        var environment = new DockerEnvironment
        {
            ConfigurationFolder = _folder,
            Host = host ?? _engine!.Address,
            VerifiesTls = true,
            CertificateFolder = Certificates,
        };
        return new DockerSearch(environment).FirstAsync(CancellationToken.None);
    }
}
