namespace BatchEmulator.Benchmarks;

/// <summary>The results, one line each: name, value and target.</summary>
internal sealed class Report(TextWriter output)
{
    private const int NameWidth = 58;

    public void Line(string text) => output.WriteLine(text);

    public void Figure(string name, FormattableString value, string target = "") =>
        output.WriteLine($"  {name.PadRight(NameWidth)} {FormattableString.Invariant(value)}{(target.Length > 0 ? $"   ({target})" : "")}");
}
