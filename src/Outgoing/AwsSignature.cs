using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Amazon.Runtime.Internal.Auth;

namespace BatchEmulator.Outgoing;

/// <summary>Signs requests of the JSON protocol with AWS Signature Version 4, by means of the SDK's signer.</summary>
internal static class AwsSignature
{
    private const string ContentType = "application/x-amz-json-1.1";

    /// <summary>Adds body and all headers to a request.</summary>
    public static void Sign(
        HttpRequestMessage request,
        byte[] body,
        string target,
        string region,
        string service,
        AwsCredentials credentials,
        DateTimeOffset at)
    {
        var url = request.RequestUri!;
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = ContentType,
            ["host"] = url.Authority,
            ["x-amz-date"] = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
            ["x-amz-target"] = target,
        };
        if (credentials.SessionToken is { } token)
        {
            headers["x-amz-security-token"] = token;
        }

        var names = string.Join(';', headers.Keys);
        var lines = string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var canonical = $"POST\n{url.AbsolutePath}\n{url.Query.TrimStart('?')}\n{lines}\n{names}\n{hash}";
        var signature = AWS4Signer.ComputeSignature(
            credentials.AccessKey, credentials.SecretKey, region, at.UtcDateTime, service, names, canonical);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        foreach (var (name, value) in headers.Where(h => h.Key != "content-type"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
    }
}

/// <summary>Credentials of a signature.</summary>
internal sealed record AwsCredentials(string AccessKey, string SecretKey, string? SessionToken)
{
    /// <summary>Returns the credentials of the SDKs' environment variables; null without them.</summary>
    public static AwsCredentials? FromEnvironment() =>
        Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is { Length: > 0 } key
        && Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret
            ? new(key, secret, Environment.GetEnvironmentVariable("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null)
            : null;
}
