using System.Globalization;
using BatchEmulator.Benchmarks;

// Continuations of the load generator run where the socket's event arrived: it shares the processors with the server that it measures.
Environment.SetEnvironmentVariable(WireConnection.InlineCompletions, "1");

var options = BenchmarkOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 2;
}

var report = new Report(Console.Out);
if (options.Peer is { } peer)
{
    await PeerBenchmark.RunAsync(report, options, peer);
    return 0;
}

var server = options.Server ?? await PublishedServer.PublishAsync();
report.Line(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, shared by server and load; {server}"));
if (options.Measures("start"))
{
    await StartBenchmark.RunAsync(report, server);
}

if (options.Measures("submit"))
{
    await SubmitBenchmark.RunAsync(report, options, server);
}

if (options.Measures("list"))
{
    await ListBenchmark.RunAsync(report, options, server);
}

if (options.Measures("storage"))
{
    await StorageBenchmark.RunAsync(report, options, server);
}

if (options.Measures("array"))
{
    await ArrayBenchmark.RunAsync(report, server);
}

if (options.Measures("containers"))
{
    await ContainerBenchmark.RunAsync(report, options, server);
}

return 0;
