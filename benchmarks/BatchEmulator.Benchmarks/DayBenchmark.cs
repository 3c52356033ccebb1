using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>
/// Measures a day of simulated jobs over the wire: arrays of four share identifiers, submitted every hour, on two Spot environments and one
/// of On-Demand instances, with Spot interruptions.
/// </summary>
internal static class DayBenchmark
{
    private const int Hours = 24;
    private const int ArraysOfHour = 25;
    private const int Children = 84;
    private const int MaximumHours = 96;
    private static readonly string[] Shares = ["research", "reports", "nightly", "adhoc"];

    public static async Task RunAsync(Report report, string server)
    {
        await using var running = await ServerUnderTest.StartAsync(server, "simulated", "--resource-delay", "0", "--scale-up-delay", "60");
        using var client = await BatchClient.OpenAsync(running);
        await PrepareAsync(client);
        var started = Stopwatch.GetTimestamp();
        var hours = 0;
        for (; hours < Hours; hours++)
        {
            for (var array = 0; array < ArraysOfHour; array++)
            {
                await SubmitAsync(client, (hours * ArraysOfHour) + array);
            }

            await client.PostAsync("clock", """{"advance":"1h"}""");
        }

        var jobs = await JobsAsync(client);
        for (; hours < MaximumHours && jobs.Unfinished > 0; hours++)
        {
            await client.PostAsync("clock", """{"advance":"1h"}""");
            jobs = await JobsAsync(client);
        }

        var taken = Stopwatch.GetElapsedTime(started);
        report.Line($"A day of {Hours * ArraysOfHour * Children} jobs in arrays of {Children}, fair share, Spot first:");
        report.Figure("time", $"{taken.TotalSeconds:0.0} s", "target < 20 s");
        report.Figure("succeeded / failed / unfinished", $"{jobs.Succeeded} / {jobs.Failed} / {jobs.Unfinished} after {hours} hours");
        AddCost(report, await client.ControlAsync("cost?jobs=1000"));
    }

    /// <summary>Adds the cost of instances, which is that of jobs and of what is idle.</summary>
    private static void AddCost(Report report, JsonElement cost)
    {
        var total = cost.GetProperty("total");
        var jobs = cost.GetProperty("jobs").EnumerateArray().Sum(Usd);
        report.Figure(
            "cost of jobs + idle = instances", $"{jobs:0.0000} + {Usd(total.GetProperty("idle")):0.0000} = {Usd(total):0.0000} USD");
        report.Figure("busy", $"{total.GetProperty("busy").GetDecimal() * 100:0.0} %");
    }

    private static decimal Usd(JsonElement line) => line.GetProperty("usd").GetDecimal();

    private static async Task PrepareAsync(BatchClient client)
    {
        await client.PostAsync("clock", """{"pause":true}""");
        await client.PostAsync("faults", """{"hazard":{"rates":{"*":0.05},"seed":1}}""");
        await CreateEnvironmentAsync(client, "spot-c", "SPOT", "SPOT_PRICE_CAPACITY_OPTIMIZED", "c6i", 192);
        await CreateEnvironmentAsync(client, "spot-m", "SPOT", "SPOT_CAPACITY_OPTIMIZED", "m6i", 128);
        await CreateEnvironmentAsync(client, "on-demand", "EC2", "BEST_FIT_PROGRESSIVE", "c6i", 128);
        var policy = await client.CallAsync(
            "createschedulingpolicy",
            """
            {"name":"shares","fairsharePolicy":{"shareDecaySeconds":3600,"shareDistribution":[
            {"shareIdentifier":"research","weightFactor":1},{"shareIdentifier":"reports","weightFactor":0.5},
            {"shareIdentifier":"nightly","weightFactor":2},{"shareIdentifier":"adhoc","weightFactor":0.25}]}}
            """);
        await client.CallAsync(
            "createjobqueue",
            $$"""
            {"jobQueueName":"benchmark","priority":1,"schedulingPolicyArn":"{{policy.GetProperty("arn").GetString()}}",
            "computeEnvironmentOrder":[{"order":1,"computeEnvironment":"spot-c"},{"order":2,"computeEnvironment":"spot-m"},
            {"order":3,"computeEnvironment":"on-demand"}]}
            """);
        await client.RegisterAsync(BatchClient.Definition, "busybox", "true");
    }

    private static Task CreateEnvironmentAsync(
        BatchClient client, string name, string type, string strategy, string family, int maxvCpus) =>
        client.CallAsync(
            "createcomputeenvironment",
            $$$"""
            {"computeEnvironmentName":"{{{name}}}","type":"MANAGED","computeResources":{"type":"{{{type}}}",
            "allocationStrategy":"{{{strategy}}}","minvCpus":0,"maxvCpus":{{{maxvCpus}}},"instanceTypes":["{{{family}}}"],
            "instanceRole":"r","subnets":["s"],"securityGroupIds":["g"]}}
            """);

    /// <summary>Submits an array whose children run for 2 to 19 minutes on one or two vCPUs.</summary>
    private static Task SubmitAsync(BatchClient client, int number) => client.CallAsync(
        "submitjob",
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            {"jobName":"day","jobQueue":"benchmark","jobDefinition":"benchmark","shareIdentifier":"{{{Shares[number % Shares.Length]}}}",
            "schedulingPriorityOverride":1,"arrayProperties":{"size":{{{Children}}}},"retryStrategy":{"attempts":5,"evaluateOnExit":[
            {"onStatusReason":"Host EC2*","action":"RETRY"},{"onReason":"*","action":"EXIT"}]},"containerOverrides":{
            "environment":[{"name":"SIMULATE_RUN_FOR","value":"{{{2 + (number * 7 % 18)}}}m"}],"resourceRequirements":[
            {"type":"VCPU","value":"{{{1 + (number % 2)}}}"},{"type":"MEMORY","value":"1024"}]}}
            """));

    private static async Task<(long Succeeded, long Failed, long Unfinished)> JobsAsync(BatchClient client)
    {
        var jobs = (await client.ControlAsync("info")).GetProperty("counts").GetProperty("jobs");
        long Of(string status) => jobs.TryGetProperty(status, out var count) ? count.GetInt64() : 0;
        var all = jobs.EnumerateObject().Where(count => count.Value.ValueKind == JsonValueKind.Number).Sum(count => count.Value.GetInt64());
        return (Of("SUCCEEDED"), Of("FAILED"), all - Of("SUCCEEDED") - Of("FAILED"));
    }
}
