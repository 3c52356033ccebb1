using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Docker.DotNet;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>Contexts of the docker command, which keeps them in its configuration folder.</summary>
internal sealed class DockerContexts(string folder)
{
    /// <summary>Returns the engine that <c>docker context use</c> has chosen; null for that of this machine.</summary>
    /// <exception cref="DockerConfigurationException">The choice cannot be read.</exception>
    public DockerEndpoint? Current()
    {
        var configuration = Read(Path.Combine(folder, "config.json"), DockerJson.Default.CommandConfiguration);
        return configuration?.CurrentContext is { Length: > 0 } name ? Find(name) : null;
    }

    /// <summary>Returns the engine of a context; null for that of this machine, which is named default.</summary>
    /// <exception cref="DockerConfigurationException">There is no such context, or it cannot be read.</exception>
    public DockerEndpoint? Find(string name)
    {
        if (name == "default")
        {
            return null;
        }

        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var file = Path.Combine(folder, "contexts", "meta", id, "meta.json");
        var metadata = Read(file, DockerJson.Default.ContextMetadata)
            ?? throw new DockerConfigurationException($"The Docker context '{name}' does not exist: there is no {file}.");
        if (metadata.Endpoints?.Docker is not { Host: { Length: > 0 } host } endpoint)
        {
            throw new DockerConfigurationException($"The Docker context '{name}' names no host in {file}.");
        }

        var certificates = Path.Combine(folder, "contexts", "tls", id, "docker");
        return endpoint.SkipTlsVerify || Directory.Exists(certificates)
            ? DockerEndpoint.Parse(host, DockerTls.Load(certificates, verifies: !endpoint.SkipTlsVerify))
            : DockerEndpoint.Parse(host);
    }

    /// <returns>Null if there is no such file.</returns>
    private static T? Read<T>(string file, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), type);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // A user who chose an engine there must not get another one.
            throw new DockerConfigurationException($"{file} cannot be read: {exception.Message}", exception);
        }
    }
}
