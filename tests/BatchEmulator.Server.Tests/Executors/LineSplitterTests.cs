using System.Text;
using BatchEmulator.Executors;

namespace BatchEmulator.Server.Tests.Executors;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("\n\n", new[] { "", "" })]
    [InlineData("a\r\nb\rc\n", new[] { "a", "b\rc" })]
    [InlineData("é\nü", new[] { "é", "ü" })]
    public void Lines_do_not_depend_on_how_the_bytes_arrive(string text, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var step = 1; step <= Math.Max(1, bytes.Length); step++)
        {
            Split(bytes.Chunk(step)).Should().Equal(expected);
        }
    }

    [Fact]
    public void Line_of_exactly_the_bound_stays_whole()
    {
        var line = new string('x', LineSplitter.LongestLine);

        Split([Encoding.UTF8.GetBytes(line + "\n")]).Should().Equal(line);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("😀")]
    public void Pieces_of_a_long_line_do_not_split_characters(string character)
    {
        var text = "x" + string.Concat(Enumerable.Repeat(character, LineSplitter.LongestLine / 2));

        var pieces = Split(Encoding.UTF8.GetBytes(text).Chunk(1000));

        string.Concat(pieces).Should().Be(text);
        pieces.Should().OnlyContain(piece => Encoding.UTF8.GetByteCount(piece) <= LineSplitter.LongestLine);
    }

    [Fact]
    public void Bytes_that_are_no_text_pass()
    {
        var noise = new byte[(2 * LineSplitter.LongestLine) + 5];
        Array.Fill(noise, (byte)0xBF);

        Split([noise]).Should().HaveCount(3);
    }

    private static List<string> Split(IEnumerable<byte[]> chunks)
    {
        var splitter = new LineSplitter();
        var lines = new List<string>();
        foreach (var chunk in chunks)
        {
            splitter.Feed(chunk, lines);
        }

        if (splitter.TakeRest() is { } rest)
        {
            lines.Add(rest);
        }

        return lines;
    }
}
