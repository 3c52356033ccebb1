using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Events;
using BatchEmulator.Hosting.Http;
using static BatchEmulator.Hosting.Control.MetricsText;

namespace BatchEmulator.Hosting.Control;

/// <summary><c>GET /_emulator/metrics</c>: numbers in the text format of Prometheus.</summary>
internal sealed class MetricsEndpoint(
    IBatchQueries queries, ReadLane reads, EngineLoop loop, EngineMailbox mailbox, AttemptReporter reporter, IJobExecutor executor,
    IReadOnlyList<EventDelivery> deliveries, EventHistory history, LargeBodies bodies)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public async Task<byte[]> TextAsync(CancellationToken cancellationToken)
    {
        var counts = await reads.RunAsync(queries.Count, cancellationToken);
        var text = new MetricsText();
        text.Add("jobs", "gauge", "Jobs by status.", counts.Jobs.Select(jobs => (Labels(("status", jobs.Key)), (double)jobs.Value)));
        if (await LoadAsync(cancellationToken) is { } load)
        {
            Add(text, load);
        }

        text.Add("turns_total", "counter", "Turns of the engine.", loop.Progress.Turns);
        text.Add("commits_total", "counter", "Turns that changed anything.", loop.Progress.Commits);
        text.Add("mailbox_depth", "gauge", "Commands and reports that wait for their turn.", mailbox.Letters.Count);
        text.Add("attempts_waiting_for_machine", "gauge", "Placed attempts that wait until this machine has room.", executor.Waiting);
        text.Add("large_bodies", "gauge", "Requests in progress with a large body.", bodies.UnderWay);
        text.Add("log_lines_total", "counter", "Lines that jobs wrote.", reporter.LogLines);
        AddDeliveries(text);
        text.Add("event_stream_clients", "gauge", "Clients that read the stream of events.", history.Readers);
        text.Add("event_stream_bytes", "gauge", "Bytes of events that are kept for all of them together.", history.Bytes);
        return text.ToUtf8();
    }

    /// <returns>Null if the engine has stopped.</returns>
    private async Task<EngineMetrics?> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await mailbox.ExecuteAsync(new Command<EngineMetrics>(EngineMetrics.Read), cancellationToken);
        }
        catch (EngineStoppedException)
        {
            return null;
        }
    }

    private static void Add(MetricsText text, EngineMetrics load)
    {
        text.Add("queue_jobs", "gauge", "Unfinished jobs by queue and status.", load.Queues.SelectMany(queue =>
            queue.Jobs.Select(jobs => (Of(queue.Scope, ("queue", queue.Name), ("status", jobs.Status.Wire())), (double)jobs.Count))));
        text.Add("queue_vcpus_wanted", "gauge", "vCPUs that RUNNABLE jobs want.",
            load.Queues.Select(queue => (Of(queue.Scope, ("queue", queue.Name)), queue.Wanted)));
        text.AddHistogram("queue_wait_seconds", "Times for which jobs were RUNNABLE before they were placed.",
            load.Queues.Select(queue => (Of(queue.Scope, ("queue", queue.Name)), queue.Waits)));
        text.Add("environment_vcpus", "gauge", "vCPUs of compute environments that jobs hold.", load.Environments.Select(environment =>
            (Of(environment.Scope, ("environment", environment.Name)), environment.Held)));
        text.Add("environment_vcpus_maximum", "gauge", "Maximum vCPUs of compute environments.", load.Environments
            .Where(environment => environment.Maximum is not null)
            .Select(environment => (Of(environment.Scope, ("environment", environment.Name)), environment.Maximum!.Value)));
        text.Add("environment_estimated_usd_total", "counter", "Estimated cost of compute environments in dollars.",
            load.Environments.Select(environment => (Of(environment.Scope, ("environment", environment.Name)), environment.Usd)));
        AddInstances(text, load.Instances);
        text.Add("service_environment_instances", "gauge", "Instances of service environments that jobs hold.",
            load.ServiceEnvironments.Select(environment =>
                (Of(environment.Scope, ("environment", environment.Name)), environment.Held)));
        var shares = load.Queues.SelectMany(queue => queue.Shares.Select(share =>
            (Labels: Of(queue.Scope, ("queue", queue.Name), ("share", share.Identifier)), Load: share))).ToList();
        text.Add("share_vcpus", "gauge", "vCPUs that the jobs of share identifiers hold.",
            shares.Select(share => (share.Labels, share.Load.Vcpus)));
        text.Add("share_weighted_usage", "gauge", "Weighted usage of share identifiers; the lowest comes next.",
            shares.Select(share => (share.Labels, share.Load.WeightedUsage)));
        text.Add("share_weight", "gauge", "Weight factors of share identifiers.",
            shares.Select(share => (share.Labels, share.Load.Weight)));
        var quotas = load.Queues.SelectMany(queue => queue.Quotas.Select(quota => (Labels: Of(
            queue.Scope, ("queue", queue.Name), ("quota_share", quota.ShareName), ("instance_type", quota.InstanceType)), Load: quota)))
            .ToList();
        text.Add("quota_share_instances", "gauge", "Instances that the jobs of quota shares hold, borrowed ones included.",
            quotas.Select(quota => (quota.Labels, (double)quota.Load.Held)));
        text.Add("quota_share_instances_limit", "gauge", "Limits of quota shares, without what they may borrow.",
            quotas.Select(quota => (quota.Labels, (double)quota.Load.Limit)));
    }

    private static void AddInstances(MetricsText text, IReadOnlyList<InstanceMetrics> load)
    {
        var types = load.Select(instances => (Labels: LabelsOf(instances), Load: instances)).ToList();
        text.Add("instances", "gauge", "Instances by environment, type, purchase and status.", load.SelectMany(instances =>
            instances.Statuses.Select(known =>
                (LabelsOf(instances, ("status", known.Status.ToString().ToUpperInvariant())), (double)known.Count))));
        text.Add("instance_vcpus_held", "gauge", "vCPUs of instances that jobs hold.",
            types.Select(type => (type.Labels, type.Load.Held)));
        text.Add("instance_vcpus_idle", "gauge", "vCPUs of instances that no job holds.",
            types.Select(type => (type.Labels, type.Load.Idle)));
        text.Add("interruptions_total", "counter", "Instances that were reclaimed or lost.",
            types.Select(type => (type.Labels, (double)type.Load.Interruptions)));
    }

    private void AddDeliveries(MetricsText text)
    {
        var targets = deliveries.Select(delivery => (Labels: Labels(("target", delivery.TargetName)), Delivery: delivery)).ToList();
        text.Add("events_delivered_total", "counter", "Events that were delivered.",
            targets.Select(target => (target.Labels, (double)target.Delivery.Counts.Delivered)));
        text.Add("events_retried_total", "counter", "Deliveries that have to be tried again.",
            targets.Select(target => (target.Labels, (double)target.Delivery.Counts.Retried)));
        text.Add("events_dropped_total", "counter", "Events that were given up.",
            targets.Select(target => (target.Labels, (double)target.Delivery.Counts.Dropped)));
        text.Add("events_waiting", "gauge", "Events that are still to be delivered.",
            targets.Select(target => (target.Labels, (double)target.Delivery.Waiting)));
    }

    private static string LabelsOf(InstanceMetrics instances, params ReadOnlySpan<(string Name, string Value)> more) => Of(
        instances.Scope,
        [("environment", instances.Environment), ("type", instances.Type), ("purchase", instances.Purchase.Wire()), .. more]);

    private static string Of(Scope scope, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Labels([("account", scope.Account), ("region", scope.Region), .. labels]);
}
