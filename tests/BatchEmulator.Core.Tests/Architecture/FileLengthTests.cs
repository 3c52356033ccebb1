using System.Runtime.CompilerServices;

namespace BatchEmulator.Core.Tests.Architecture;

/// <summary>Length of the files that are written by hand (CONTRIBUTING.md).</summary>
public sealed class FileLengthTests
{
    private const int MaximumLines = 400;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("benchmarks")]
    public void Files_have_at_most_400_lines(string folder)
    {
        var files = WrittenByHand(Path.Combine(Repository(), folder)).ToList();

        files.Should().NotBeEmpty();
        files.Where(file => File.ReadLines(file).Skip(MaximumLines).Any()).Should().BeEmpty();
    }

    private static IEnumerable<string> WrittenByHand(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs").Concat(
            Directory.EnumerateDirectories(folder)
                .Where(inner => Path.GetFileName(inner) is not ("Generated" or "bin" or "obj"))
                .SelectMany(WrittenByHand));

    private static string Repository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
