using System.Globalization;
using System.Text;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Events;

namespace BatchEmulator.Hosting.Control;

/// <summary><c>GET /_emulator/metrics</c>: a few numbers in the text format of Prometheus.</summary>
internal sealed class MetricsEndpoint(
    IBatchQueries queries, EngineLoop loop, EngineMailbox mailbox, AttemptReporter reporter, IJobExecutor executor,
    IReadOnlyList<EventDelivery> deliveries, EventHistory history)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public byte[] Text()
    {
        var text = new StringBuilder();
        Add(text, "jobs", "gauge", "Jobs by status.", queries.Count().Jobs.Select(j => ($"{{status=\"{j.Key}\"}}", j.Value)));
        Add(text, "turns_total", "counter", "Turns of the engine.", [("", loop.Progress.Turns)]);
        Add(text, "commits_total", "counter", "Turns that changed anything.", [("", loop.Progress.Commits)]);
        Add(text, "mailbox_depth", "gauge", "Commands and news that wait for their turn.", [("", mailbox.Letters.Count)]);
        Add(text, "attempts_waiting_for_machine", "gauge", "Placed attempts that wait until this machine has room.",
            [("", executor.Waiting)]);
        Add(text, "log_lines_total", "counter", "Lines that jobs wrote.", [("", reporter.LogLines)]);
        var targets = deliveries.Select(d => (Label: $"{{target=\"{d.TargetName}\"}}", Delivery: d)).ToList();
        Add(text, "events_delivered_total", "counter", "Events that were delivered.",
            targets.Select(t => (t.Label, t.Delivery.Counts.Delivered)));
        Add(text, "events_retried_total", "counter", "Deliveries that have to be tried again.",
            targets.Select(t => (t.Label, t.Delivery.Counts.Retried)));
        Add(text, "events_dropped_total", "counter", "Events that were given up.",
            targets.Select(t => (t.Label, t.Delivery.Counts.Dropped)));
        Add(text, "events_waiting", "gauge", "Events that are still to be delivered.",
            targets.Select(t => (t.Label, (long)t.Delivery.Waiting)));
        Add(text, "event_stream_clients", "gauge", "Clients that read the stream of events.", [("", history.Readers)]);
        Add(text, "event_stream_bytes", "gauge", "Bytes of events that are kept for all of them together.", [("", history.Bytes)]);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Add(StringBuilder text, string name, string type, string help, IEnumerable<(string Label, long Value)> values)
    {
        name = "batch_emulator_" + name;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach (var (label, value) in values)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{label} {value}\n");
        }
    }
}
