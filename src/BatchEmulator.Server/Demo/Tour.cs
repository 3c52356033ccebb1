using BatchEmulator.Contract.Batch;
using BatchEmulator.Contract.Logs;
using Batch = BatchEmulator.Contract.Batch.Operations;
using LogGroups = BatchEmulator.Contract.Logs.Operations;

namespace BatchEmulator.Server.Demo;

/// <summary>
/// The steps of the tour: environment, queue, definitions; a job, an array and a job after it; their progress; their logs.
/// </summary>
internal sealed class Tour(TourClient client, ITourProgress progress, TourRequests requests, TextWriter output)
{
    private const string Group = "/aws/batch/job";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>The jobs after their end: the single one, the array, the one after it.</returns>
    /// <exception cref="TourException">The server refused a request.</exception>
    public async Task<IReadOnlyList<JobDetail>> RunAsync(CancellationToken cancellationToken)
    {
        await CreateEnvironmentAsync(cancellationToken);
        await CreateQueueAsync(cancellationToken);
        foreach (var definition in requests.Definitions)
        {
            var registered = await client.CallAsync(Batch.RegisterJobDefinition, definition, cancellationToken);
            await SayAsync($"Registered job definition {registered.JobDefinitionName}:{registered.Revision}");
        }

        using var events = await client.OpenEventsAsync(cancellationToken);
        var ids = await SubmitAsync(cancellationToken);
        await SayAsync("");
        await progress.ShowAsync(
            await DescribeAsync(ids, cancellationToken), TourClient.ReadJobChangesAsync(events, cancellationToken), cancellationToken);
        await SayAsync("");

        var jobs = await DescribeAsync(ids, cancellationToken);
        var parts = await DescribeAsync(
            [.. Enumerable.Range(0, TourRequests.Parts).Select(index => $"{ids[1]}:{index}")], cancellationToken);
        await SayAsync($"Output of the jobs, from the log group {Group}:");
        foreach (var job in (IEnumerable<JobDetail>)[jobs[0], .. parts, jobs[2]])
        {
            await ShowLogAsync(job, cancellationToken);
        }

        await SayAsync("");
        return jobs;
    }

    /// <summary>Prints further steps with other clients.</summary>
    public async Task ExplainAsync(Uri address, string region, IReadOnlyList<JobDetail> jobs)
    {
        var url = address.GetLeftPart(UriPartial.Authority);
        var aws = $"aws --endpoint-url {url}";
        await SayAsync("Explore it from another terminal; any credentials will do:");
        await SayAsync($"  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION={region}");
        await SayAsync($"  {aws} batch describe-jobs --jobs {jobs[0].JobId}");
        await SayAsync($"  {aws} batch list-jobs --array-job-id {jobs[1].JobId} --job-status {JobStatus.Succeeded}");
        var definition = TourRequests.DefinitionName(TourRequests.Hello);
        await SayAsync($"  {aws} batch submit-job --job-name mine --job-queue {TourRequests.Queue} --job-definition {definition}");
        if (jobs[0].Container?.LogStreamName is { } stream)
        {
            await SayAsync($"  {aws} logs get-log-events --log-group-name {Group} --log-stream-name {stream}");
        }

        await SayAsync($"  curl {url}/_emulator/info");
    }

    /// <summary>A data folder that was used before may already contain it.</summary>
    private async Task CreateEnvironmentAsync(CancellationToken cancellationToken)
    {
        var described = new DescribeComputeEnvironmentsRequest { ComputeEnvironments = [TourRequests.Environment] };
        async Task<string?> StatusAsync() =>
            (await client.CallAsync(Batch.DescribeComputeEnvironments, described, cancellationToken)).ComputeEnvironments is [var found]
                ? found.Status
                : null;

        if (await StatusAsync() is null)
        {
            await client.CallAsync(Batch.CreateComputeEnvironment, TourRequests.CreateEnvironment, cancellationToken);
        }

        await BecomesValidAsync("Compute environment", TourRequests.Environment, StatusAsync, cancellationToken);
    }

    private async Task CreateQueueAsync(CancellationToken cancellationToken)
    {
        var described = new DescribeJobQueuesRequest { JobQueues = [TourRequests.Queue] };
        async Task<string?> StatusAsync() =>
            (await client.CallAsync(Batch.DescribeJobQueues, described, cancellationToken)).JobQueues is [var found] ? found.Status : null;

        if (await StatusAsync() is null)
        {
            await client.CallAsync(Batch.CreateJobQueue, TourRequests.CreateQueue, cancellationToken);
        }

        await BecomesValidAsync("Job queue", TourRequests.Queue, StatusAsync, cancellationToken);
    }

    private async Task BecomesValidAsync(string kind, string name, Func<Task<string?>> statusAsync, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            while (await statusAsync() is var status && status != CEStatus.Valid)
            {
                await Task.Delay(Pause, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TourException($"{kind} {name} does not become {CEStatus.Valid}.");
        }

        await SayAsync($"{kind} {name} is {CEStatus.Valid}");
    }

    /// <returns>The ids of the single job, the array, and the job that waits for the array.</returns>
    private async Task<IReadOnlyList<string>> SubmitAsync(CancellationToken cancellationToken)
    {
        var hello = await SubmitAsync(TourRequests.SubmitHello, "a single job", cancellationToken);
        var squares = await SubmitAsync(TourRequests.SubmitSquares, $"an array job of {TourRequests.Parts}", cancellationToken);
        var report = await SubmitAsync(TourRequests.SubmitReport(squares), $"runs after {TourRequests.Squares}", cancellationToken);
        return [hello, squares, report];
    }

    private async Task<string> SubmitAsync(SubmitJobRequest request, string meaning, CancellationToken cancellationToken)
    {
        var submitted = await client.CallAsync(Batch.SubmitJob, request, cancellationToken);
        await SayAsync($"Submitted {submitted.JobName} ({meaning}): {submitted.JobId}");
        return submitted.JobId!;
    }

    /// <returns>The jobs, in the order of the ids.</returns>
    private async Task<IReadOnlyList<JobDetail>> DescribeAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var answer = await client.CallAsync(Batch.DescribeJobs, new DescribeJobsRequest { Jobs = ids }, cancellationToken);
        return [.. ids.Select(id => answer.Jobs!.First(job => job.JobId == id))];
    }

    private async Task ShowLogAsync(JobDetail job, CancellationToken cancellationToken)
    {
        var index = job.ArrayProperties?.Index;
        var name = index is null ? job.JobName : $"{job.JobName}:{index}";
        if (job.Container?.LogStreamName is not { } stream || job.StartedAt is null or 0)
        {
            await SayAsync($"  {name,-10} did not run: {job.StatusReason} {job.Container?.Reason}".TrimEnd());
            return;
        }

        var request = new GetLogEventsRequest { LogGroupName = Group, LogStreamName = stream, StartFromHead = true };
        foreach (var line in (await client.CallAsync(LogGroups.GetLogEvents, request, cancellationToken)).Events ?? [])
        {
            await SayAsync($"  {name,-10} {line.Message}");
        }
    }

    private Task SayAsync(string line) => output.WriteLineAsync(line);
}
