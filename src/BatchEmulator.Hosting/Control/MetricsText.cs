using System.Globalization;
using System.Text;
using BatchEmulator.Core.Engine;

namespace BatchEmulator.Hosting.Control;

/// <summary>Metrics in the text format of Prometheus.</summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a metric without labels.</summary>
    public void Add(string name, string type, string help, double value) => Add(name, type, help, [("", value)]);

    /// <summary>Adds a metric with a value for each set of labels.</summary>
    /// <param name="name">Name without the prefix that all have.</param>
    /// <param name="type"><c>counter</c> or <c>gauge</c>.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="values">Labels, as <see cref="Labels"/> writes them, and values.</param>
    public void Add(string name, string type, string help, IEnumerable<(string Labels, double Value)> values)
    {
        name = "batch_emulator_" + name;
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach (var (labels, value) in values)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value}\n");
        }
    }

    /// <summary>Adds a histogram for each set of labels.</summary>
    /// <param name="name">Name without the prefix that all have.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="values">Labels, as <see cref="Labels"/> writes them, and histograms.</param>
    public void AddHistogram(string name, string help, IEnumerable<(string Labels, WaitHistogram Waits)> values)
    {
        name = "batch_emulator_" + name;
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} histogram\n");
        foreach (var (labels, waits) in values)
        {
            foreach (var (bound, count) in waits.Buckets())
            {
                _text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{labels[..^1]},le=\"{bound}\"}} {count}\n");
            }

            _text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{labels[..^1]},le=\"+Inf\"}} {waits.Count}\n");
            _text.Append(CultureInfo.InvariantCulture, $"{name}_sum{labels} {waits.Seconds}\n{name}_count{labels} {waits.Count}\n");
        }
    }

    /// <summary>Writes labels whose values need no escape.</summary>
    public static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"{name}=\"{value}\"");
        }

        return text.Append('}').ToString();
    }

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());
}
