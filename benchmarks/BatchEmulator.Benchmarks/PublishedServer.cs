using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BatchEmulator.Benchmarks;

/// <summary>A published server.</summary>
/// <param name="Name">Short name of the kind of publication.</param>
/// <param name="Path">The executable.</param>
internal sealed record PublishedServer(string Name, string Path)
{
    /// <summary>Publishes the server for the .NET runtime, compiled ahead of time where that is possible (ReadyToRun).</summary>
    public static Task<PublishedServer> PublishAsync() =>
        PublishAsync("runtime", "--self-contained", "false", "-p:PublishAot=false", "-p:PublishReadyToRun=true");

    /// <summary>Publishes the native executable, which needs a linker.</summary>
    public static Task<PublishedServer> PublishNativeAsync() => PublishAsync("native");

    private static async Task<PublishedServer> PublishAsync(string name, params string[] options)
    {
        var root = RepositoryRoot();
        var folder = System.IO.Path.Combine(root, "artifacts", $"benchmark-server-{name}");
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
            "publish", System.IO.Path.Combine(root, "src", "BatchEmulator.Server"), "-c", "Release",
            "-r", RuntimeInformation.RuntimeIdentifier,
                .. options, "-p:RunAnalyzers=false", "-o", folder, "-v", "quiet", "--nologo",
            ]))!;
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0
            ? new(name, System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? "batch-emulator.exe" : "batch-emulator"))
            : throw new InvalidOperationException("The server cannot be published.");
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "BatchEmulator.sln")))
        {
            folder = folder.Parent
                ?? throw new InvalidOperationException("Run the benchmarks from inside the repository, or give --server.");
        }

        return folder.FullName;
    }
}
