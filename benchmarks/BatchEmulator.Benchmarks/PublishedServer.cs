using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BatchEmulator.Benchmarks;

/// <summary>Builds the server as it is shipped: Release, compiled ahead of time (ReadyToRun).</summary>
internal static class PublishedServer
{
    /// <returns>The executable.</returns>
    public static async Task<string> PublishAsync()
    {
        var root = RepositoryRoot();
        var folder = Path.Combine(root, "artifacts", "benchmark-server");
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                "publish", Path.Combine(root, "src", "BatchEmulator.Server"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
                "-p:PublishReadyToRun=true", "-p:RunAnalyzers=false", "-o", folder, "-v", "quiet", "--nologo",
            ]))!;
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0
            ? Path.Combine(folder, OperatingSystem.IsWindows() ? "batch-emulator.exe" : "batch-emulator")
            : throw new InvalidOperationException("The server cannot be published.");
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BatchEmulator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Run the benchmarks from inside the repository, or give --server.");
        }

        return folder.FullName;
    }
}
