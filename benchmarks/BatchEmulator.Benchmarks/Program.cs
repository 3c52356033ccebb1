using System.Globalization;
using BatchEmulator.Benchmarks;

// Continuations of the load generator run on the thread of the socket's event: the generator shares the processors with the server.
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

if (options.Only == "schedule")
{
    await ScheduleBenchmark.RunAsync(report);
    return 0;
}

IReadOnlyList<PublishedServer> servers = options switch
{
    { Server: null } => [await PublishedServer.PublishAsync(), await PublishedServer.PublishNativeAsync()],
    { Server: var given, Native: null } => [new("given", given)],
    { Server: var given, Native: var native } => [new("runtime", given), new("native", native)],
};
var server = servers[0].Path;
report.Line(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, shared by server and load"));
foreach (var published in servers)
{
    report.Line($"{published.Name}: {published.Path}");
}

if (options.Measures("start"))
{
    await StartBenchmark.RunAsync(report, servers);
}

if (options.Measures("submit"))
{
    foreach (var published in servers)
    {
        await SubmitBenchmark.RunAsync(report, options, published);
    }
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

if (options.Measures("schedule"))
{
    await ScheduleBenchmark.RunAsync(report);
}

if (options.Measures("day"))
{
    await DayBenchmark.RunAsync(report, server);
}

if (options.Measures("containers"))
{
    await ContainerBenchmark.RunAsync(report, options, server);
}

return 0;
