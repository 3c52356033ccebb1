using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>A configuration folder of the docker command, as written by <c>docker context</c> of Docker 28.</summary>
internal sealed class ContextFolder(string path)
{
    public void Add(string name, string host, bool skipsVerification = false)
    {
        var file = Path.Combine(path, "contexts", "meta", Id(name), "meta.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            Name = name,
            Metadata = new { },
            Endpoints = new { docker = new { Host = host, SkipTLSVerify = skipsVerification } },
        }));
    }

    public void Use(string name) => File.WriteAllText(Path.Combine(path, "config.json"), $$"""{"auths":{},"currentContext":"{{name}}"}""");

    public string CertificatesOf(string name) => Path.Combine(path, "contexts", "tls", Id(name), "docker");

    private static string Id(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
