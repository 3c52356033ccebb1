using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BatchEmulator.Benchmarks;

/// <summary>Measures the submission of jobs to another server that speaks the protocol.</summary>
internal static class PeerBenchmark
{
    public static async Task RunAsync(Report report, BenchmarkOptions options, Uri peer)
    {
        var addresses = await Dns.GetHostAddressesAsync(peer.Host, AddressFamily.InterNetwork);
        var address = new IPEndPoint(addresses[0], peer.Port);
        using (var client = await BatchClient.OpenAsync(address, peer.Authority))
        {
            try
            {
                await client.PrepareAsync(maxvCpus: 2);
            }
            catch (InvalidOperationException refusal)
            {
                report.Line($"The peer refused a request: {refusal.Message} Continuing with existing resources named {BatchClient.Queue}.");
            }
        }

        var submit = WireConnection.Request(
            peer.Authority, "POST", "/v1/submitjob",
            $$"""{"jobName":"benchmark","jobQueue":"{{BatchClient.Queue}}","jobDefinition":"{{BatchClient.Definition}}"}""");
        report.Line($"SubmitJob against {peer}:");
        foreach (var connections in new[] { 32, 1 })
        {
            var result = await Load.RunAsync(address, submit, connections, options.Duration);
            report.Figure(
                string.Create(CultureInfo.InvariantCulture, $"submits per second, {connections} connection{(connections == 1 ? "" : "s")}"),
                $"{result.PerSecond:0} (p50 {result.Percentile(50):0.00} ms, p99 {result.Percentile(99):0.00} ms)");
        }
    }
}
