using System.Text.Json;
using System.Text.Json.Nodes;
using BatchEmulator.Core.Identity;
using BatchEmulator.Outgoing;

namespace BatchEmulator.Executors.Secrets;

/// <summary>
/// Requests secrets from an endpoint: Secrets Manager's GetSecretValue and Systems Manager's GetParameter, of AWS or another emulator.
/// Failures have the wording of the ECS agent (ECS Developer Guide, "Troubleshooting Amazon ECS ResourceInitializationError errors").
/// </summary>
internal sealed class SecretStore(Uri endpoint, AwsCredentials? credentials) : IDisposable
{
    private const int MaximumRetries = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = OutgoingHttp.Create();

    /// <summary>Creates a store that signs with the credentials of the SDKs' environment variables, if they are set.</summary>
    public static SecretStore Create(Uri endpoint) => new(endpoint, AwsCredentials.FromEnvironment());

    public void Dispose() => _http.Dispose();

    /// <exception cref="SecretUnavailableException">The secret is unavailable; the message states the reason.</exception>
    public Task<string> GetAsync(Scope scope, string valueFrom, CancellationToken cancellationToken) =>
        SecretReference.Parse(valueFrom) switch
        {
            ManagedSecret secret => GetAsync(scope, secret, cancellationToken),
            StoredParameter parameter => GetAsync(scope, parameter, cancellationToken),
            _ => throw new SecretUnavailableException("asm", 0, $"invalid ARN: {valueFrom}"),
        };

    private async Task<string> GetAsync(Scope scope, ManagedSecret secret, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["SecretId"] = secret.SecretId };
        AddTo(request, "VersionStage", secret.VersionStage);
        AddTo(request, "VersionId", secret.VersionId);
        var answer = await CallAsync(
            new("asm", "secretsmanager", "secretsmanager.GetSecretValue"), scope, secret.Region, request, cancellationToken);
        var text = Text(answer, "SecretString") ?? throw new SecretUnavailableException("asm", 0, "the secret has no SecretString");
        return secret.JsonKey is { } key ? Member(text, key) : text;
    }

    private async Task<string> GetAsync(Scope scope, StoredParameter parameter, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["Name"] = parameter.Name, ["WithDecryption"] = true };
        var answer = await CallAsync(new("ssm", "ssm", "AmazonSSM.GetParameter"), scope, parameter.Region, request, cancellationToken);
        return answer.TryGetProperty("Parameter", out var found) && Text(found, "Value") is { } value
            ? value
            : throw new SecretUnavailableException("ssm", 0, "the answer has no Parameter.Value");
    }

    private async Task<JsonElement> CallAsync(
        SecretService service, Scope scope, string? region, JsonObject request, CancellationToken cancellationToken)
    {
        // Without credentials the caller is the job's account, which emulators take from the key.
        var signer = credentials ?? new AwsCredentials(scope.Account, "secret", null);
        for (var retries = 0; ; retries++)
        {
            string failure;
            try
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, endpoint);
                var body = JsonSerializer.SerializeToUtf8Bytes(request, SecretJson.Default.JsonObject);
                AwsSignature.Sign(
                    message, body, service.Target, region ?? scope.Region, service.SigningName, signer, TimeProvider.System.GetUtcNow());
                using var response = await _http.SendAsync(message, cancellationToken);
                var answer = Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
                if (response.IsSuccessStatusCode && answer is { } given)
                {
                    return given;
                }

                failure = answer is { } refusal ? Refusal(refusal) : $"status {(int)response.StatusCode}";
                if ((int)response.StatusCode < 500)
                {
                    throw new SecretUnavailableException(service.Name, retries, failure);
                }
            }
            catch (Exception exception) when (OutgoingHttp.IsFailure(exception, cancellationToken))
            {
                failure = exception.Message;
            }

            if (retries == MaximumRetries)
            {
                throw new SecretUnavailableException(service.Name, retries, failure);
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Returns null for anything but a JSON object.</summary>
    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Refusal(JsonElement answer)
    {
        var type = Text(answer, "__type") ?? "UnknownError";
        return $"{type[(type.LastIndexOf('#') + 1)..]}: {Text(answer, "message") ?? Text(answer, "Message")}";
    }

    private static string Member(string json, string key)
    {
        var members = Parse(System.Text.Encoding.UTF8.GetBytes(json));
        return members is { } given && given.TryGetProperty(key, out var member)
            && (member.ValueKind == JsonValueKind.String ? Text(member) : member.GetRawText()) is { } value
            ? value
            : throw new SecretUnavailableException("asm", 0, $"retrieved secret from Secrets Manager did not contain json key {key}");
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var member) ? Text(member) : null;

    /// <summary>
    /// Returns null for anything but a text, and for a text that no variable can hold: half of a surrogate pair, or a NUL.
    /// </summary>
    private static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String
                && element.GetString() is { } text
                && !text.Contains('\0', StringComparison.Ordinal)
                ? text
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void AddTo(JsonObject request, string name, string? value)
    {
        if (value is not null)
        {
            request[name] = value;
        }
    }

    /// <param name="Name">Name in messages of the ECS agent.</param>
    /// <param name="SigningName">Name in signatures.</param>
    /// <param name="Target">Operation.</param>
    private sealed record SecretService(string Name, string SigningName, string Target);
}
