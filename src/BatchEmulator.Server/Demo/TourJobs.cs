using BatchEmulator.Contract.Batch;

namespace BatchEmulator.Server.Demo;

internal static class TourJobs
{
    public static bool HasFinished(this JobDetail job) => job.Status is JobStatus.Succeeded or JobStatus.Failed;
}
