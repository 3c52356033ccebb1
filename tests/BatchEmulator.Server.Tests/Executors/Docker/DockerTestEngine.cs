using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using BatchEmulator.Executors.Docker.Connection;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>The engine of this machine, with an image that was built without a registry: a static busybox and links to it.</summary>
internal static class DockerTestEngine
{
    private const string Busybox = "/bin/busybox";
    private const string Repository = "batch-emulator-test";

    private static readonly string[] Applets =
        ["sh", "cat", "date", "dd", "echo", "env", "head", "id", "ls", "mount", "nc", "printf", "sleep", "tail", "tr", "true", "wc", "wget"];

    private static readonly Lazy<Task<(string? Image, string? Missing)>> Preparation = new(PrepareAsync);

    /// <summary>Skips the test if there is no engine or nothing to build an image of.</summary>
    /// <returns>Name of the image.</returns>
    public static async Task<string> ImageAsync()
    {
        var (image, missing) = await Preparation.Value;
        Assert.SkipWhen(image is null, missing ?? "");
        return image!;
    }

    public static Task<DockerEngine> ConnectAsync() => DockerSearch.FindAsync();

    private static async Task<(string? Image, string? Missing)> PrepareAsync()
    {
        if (!File.Exists(Busybox))
        {
            return (null, $"There is no {Busybox} to make an image of (Debian: busybox-static).");
        }

        try
        {
            using var engine = await ConnectAsync();
            return (await MakeImageAsync(engine), null);
        }
        catch (NoDockerEngineException exception)
        {
            return (null, exception.Message);
        }
    }

    private static async Task<string> MakeImageAsync(DockerEngine engine)
    {
        using var archive = new MemoryStream();
        await WriteRootAsync(archive);
        archive.Position = 0;
        var tag = Convert.ToHexStringLower(SHA256.HashData(archive))[..12];
        archive.Position = 0;
        await ImportAsync(engine.Address, archive, tag);
        var image = $"{Repository}:{tag}";
        return await engine.HasImageAsync(image, CancellationToken.None)
            ? image
            : throw new InvalidOperationException("The image was not made.");
    }

    private static async Task ImportAsync(string address, Stream archive, string tag)
    {
        using var client = new DockerClientBuilder().WithEndpoint(new Uri(address)).Build();
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters { Repo = Repository, Tag = tag }, archive, authConfig: null, new Progress<JSONMessage>());
    }

    private static async Task WriteRootAsync(Stream archive)
    {
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode executable = readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        await using var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (var folder in new[] { "bin/", "etc/", "tmp/" })
        {
            await tar.WriteEntryAsync(
                new UstarTarEntry(TarEntryType.Directory, folder) { Mode = executable, ModificationTime = DateTimeOffset.UnixEpoch });
        }

        await using var busybox = File.OpenRead(Busybox);
        await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox")
        {
            Mode = executable,
            ModificationTime = DateTimeOffset.UnixEpoch,
            DataStream = busybox,
        });
        foreach (var applet in Applets)
        {
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.SymbolicLink, "bin/" + applet)
            {
                LinkName = "busybox",
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }

        await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "etc/passwd")
        {
            Mode = readable,
            ModificationTime = DateTimeOffset.UnixEpoch,
            DataStream = new MemoryStream(Encoding.ASCII.GetBytes("root:x:0:0:root:/:/bin/sh\nworker:x:1234:1234::/tmp:/bin/sh\n")),
        });
    }
}
