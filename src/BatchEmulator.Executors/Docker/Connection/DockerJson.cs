using System.Text.Json;
using System.Text.Json.Serialization;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>Documents that the client library does not read, with their own member names.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(CommandConfiguration))]
[JsonSerializable(typeof(ContextMetadata))]
internal sealed partial class DockerJson : JsonSerializerContext
{
    /// <returns>The message in an engine's answer; the whole answer if it has another form.</returns>
    public static string MessageOf(string answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, Default.EngineMessage)?.Message ?? answer;
        }
        catch (JsonException)
        {
            return answer;
        }
    }
}

internal sealed record EngineMessage([property: JsonPropertyName("message")] string? Message);

/// <summary>The docker command's <c>config.json</c>.</summary>
internal sealed record CommandConfiguration([property: JsonPropertyName("currentContext")] string? CurrentContext);

/// <summary>The <c>meta.json</c> of a context of the docker command.</summary>
internal sealed record ContextMetadata(ContextEndpoints? Endpoints);

internal sealed record ContextEndpoints([property: JsonPropertyName("docker")] ContextEndpoint? Docker);

internal sealed record ContextEndpoint(string? Host, [property: JsonPropertyName("SkipTLSVerify")] bool SkipTlsVerify);
