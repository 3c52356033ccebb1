using System.Diagnostics;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>A start of the program that ends by itself.</summary>
internal static class RefusedStart
{
    private const int BadUsage = 2;

    /// <summary>Starts the program, which must refuse in one line and with exit code 2.</summary>
    /// <param name="options">Options of the server.</param>
    /// <param name="wrapper">A command that becomes the server by <c>exec</c>; null for none.</param>
    /// <returns>The line of the refusal.</returns>
    public static async Task<string> LineAsync(IReadOnlyList<string> options, IReadOnlyList<string>? wrapper = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "batch-emulator.dll");
        string[] words = [.. wrapper ?? [], "dotnet", program, "--port", "0", "--executor", "simulated", .. options];
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        using var patience = new CancellationTokenSource(TestServer.Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            process.Kill();
        }

        process.ExitCode.Should().Be(BadUsage, "it says {0} and {1}", await output, await error);
        (await output).Should().BeEmpty();
        return (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle().Which;
    }
}
