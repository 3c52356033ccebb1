using System.Globalization;
using BatchEmulator.Core.Costs;

namespace BatchEmulator.Server.Commands;

/// <summary>Writes a cost report as tables.</summary>
internal static class CostText
{
    private static readonly Column[] OfCapacity =
    [
        new("INSTANCE H", line => Hours(line.InstanceHours)),
        new("VCPU H", line => Hours(line.VcpuHours)),
        new("BUSY", line => line.Busy is { } busy ? busy.ToString("0.0 %", CultureInfo.InvariantCulture) : ""),
        new("IDLE USD", line => Usd(line.Idle?.Usd)),
        new("USD", line => Usd(line.Usd)),
    ];

    private static readonly Column[] OfJobs =
    [
        new("VCPU H", line => Hours(line.VcpuHours)),
        new("ON-DEMAND", line => Usd(line.OnDemand?.Usd)),
        new("SPOT", line => Usd(line.Spot?.Usd)),
        new("FARGATE", line => Usd(line.Fargate?.Usd)),
        new("FARGATE SPOT", line => Usd(line.FargateSpot?.Usd)),
        new("USD", line => Usd(line.Usd)),
    ];

    public static async Task WriteAsync(CostReport report, TextWriter output)
    {
        await output.WriteLineAsync(report.Estimate);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"From {report.Since} to {report.Until}; Spot is {report.SpotDiscountPercent} % cheaper."));
        await WriteAsync(output, "ENVIRONMENT", [.. report.ComputeEnvironments, report.Total], OfCapacity);
        await WriteAsync(output, "INSTANCES", report.Instances, OfCapacity);
        await WriteAsync(output, "QUEUE", report.JobQueues, OfJobs);
        await WriteAsync(output, "SHARE", report.Shares, OfJobs);
        await WriteAsync(output, "JOB DEFINITION", report.JobDefinitions, OfJobs);
        await WriteAsync(output, "JOB", report.Jobs, OfJobs);
    }

    private static async Task WriteAsync(TextWriter output, string heading, IReadOnlyList<CostLine> lines, Column[] columns)
    {
        if (lines.Count == 0)
        {
            return;
        }

        string[][] rows =
        [
            [heading, .. columns.Select(column => column.Heading)],
            .. lines.Select(line => (string[])[NameOf(line), .. columns.Select(column => column.Text(line))]),
        ];
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        await output.WriteLineAsync();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            await output.WriteLineAsync(string.Join("  ", cells));
        }
    }

    private static string NameOf(CostLine line) => line switch
    {
        { Purchase: { } purchase } => $"{line.Name} {purchase}",
        { JobId: { } id } => $"{line.Name} ({id})",
        _ => line.Name,
    };

    private static string Hours(decimal? hours) => hours?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private static string Usd(decimal? usd) => usd?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";

    private sealed record Column(string Heading, Func<CostLine, string> Text);
}
