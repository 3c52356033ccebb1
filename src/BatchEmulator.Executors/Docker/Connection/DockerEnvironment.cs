namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>Environment variables by which the docker command finds its engine. Empty ones count as missing.</summary>
internal sealed record DockerEnvironment
{
    /// <summary><c>DOCKER_HOST</c>.</summary>
    public string? Host { get; init; }

    /// <summary><c>DOCKER_CONTEXT</c>.</summary>
    public string? Context { get; init; }

    /// <summary><c>DOCKER_CONFIG</c>, or the folder <c>.docker</c> of the user.</summary>
    public required string ConfigurationFolder { get; init; }

    /// <summary>True if <c>DOCKER_TLS_VERIFY</c> is set, to any value.</summary>
    public bool VerifiesTls { get; init; }

    /// <summary><c>DOCKER_CERT_PATH</c>, or <see cref="ConfigurationFolder"/>.</summary>
    public string? CertificateFolder { get; init; }

    public static DockerEnvironment OfProcess()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new()
        {
            Host = Variable("DOCKER_HOST"),
            Context = Variable("DOCKER_CONTEXT"),
            ConfigurationFolder = Variable("DOCKER_CONFIG") ?? Path.Combine(home, ".docker"),
            VerifiesTls = Variable("DOCKER_TLS_VERIFY") is not null,
            CertificateFolder = Variable("DOCKER_CERT_PATH"),
        };
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
