using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace BatchEmulator.Server.Tests.Model;

public sealed class GeneratedCodeTests
{
    [Fact]
    public async Task Generated_code_matches_the_model_and_its_patches()
    {
        var generator = Path.Combine(RepositoryRoot(), "src", "BatchEmulator.Contract", "Generator", "Generate.cs");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["run", "--file", generator, "--", "--check"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(0, string.Concat(output));
    }

    [Fact]
    public void Every_operation_of_the_model_exists()
    {
        BatchEmulator.Contract.Batch.Operations.All.Should().HaveCount(48);
        BatchEmulator.Contract.Batch.Operations.All.Select(o => o.Name).Should().OnlyHaveUniqueItems();
    }

    private static string RepositoryRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
