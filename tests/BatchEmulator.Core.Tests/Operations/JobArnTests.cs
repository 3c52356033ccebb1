using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;

namespace BatchEmulator.Core.Tests.Operations;

/// <summary>
/// Job ARNs in place of job ids; an ARN of another account or Region matches no job (docs/aws-behaviour.md, section 6.4).
/// </summary>
public sealed class JobArnTests
{
    private readonly Emulation _emulation = new Emulation().Ready(maxVcpus: 3);

    [Fact]
    [AwsRule("6.4", Evidence.Client, "a dependency may be named by ARN")]
    [AwsRule("7.6", Evidence.Client, "a job may be named by its ARN")]
    public void Job_arn_is_accepted_in_place_of_an_id()
    {
        var running = _emulation.Submit();
        var array = _emulation.SubmitArray(4);
        var dependent = _emulation.SubmitAfter(Arn(running));
        _emulation.Job(dependent).Status.Should().Be(JobStatus.Pending);
        _emulation.Job(dependent).Specification.DependsOn.Should().Equal(new Wire.JobDependency { JobId = running });

        _emulation.Cancel(Arn($"{array}:3"));
        _emulation.Terminate(Arn(running));

        _emulation.Job($"{array}:3").Status.Should().Be(JobStatus.Failed);
        _emulation.Stopped.Should().Equal(_emulation.KeyOf(running));
        DescribeJobs.Answer(_emulation.Store, Emulation.Scope, new() { Jobs = [Arn(running), $"{array}:3"] }).Jobs.Should().HaveCount(2);
    }

    [Fact]
    public void Finished_job_is_a_dependency_by_arn()
    {
        var first = _emulation.Submit();
        _emulation.Succeed(first);

        var dependent = _emulation.Call(
            Wire.Operations.SubmitJob, new() { JobName = "j", JobQueue = "q", JobDefinition = "d", DependsOn = [new() { JobId = Arn(first) }] }).JobId!;

        _emulation.Job(dependent).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    [AwsRule("7.6", Evidence.Client, "a job may be named by its ARN")]
    public void Bulk_operations_return_the_given_ids()
    {
        var first = _emulation.Submit();
        var second = _emulation.Submit();

        var terminated = _emulation.Call(Wire.Operations.TerminateJobs, new() { Jobs = [Arn(first), second], Reason = "r" });
        var cancelled = _emulation.Call(Wire.Operations.CancelJobs, new() { Jobs = [Arn(first)], Reason = "r" });

        terminated.Successful.Should().Equal(Arn(first), second);
        cancelled.Successful.Should().Equal(Arn(first));
        _emulation.Stopped.Should().Equal(_emulation.KeyOf(first), _emulation.KeyOf(second));
    }

    [Theory]
    [InlineData("arn:aws:batch:us-west-2:123456789012:job/")]
    [InlineData("arn:aws:batch:eu-central-1:999999999999:job/")]
    [InlineData("arn:aws:batch:eu-central-1:123456789012:service-job/")]
    public void Foreign_arn_matches_no_job(string prefix)
    {
        var id = _emulation.Submit();

        _emulation.Terminate(prefix + id);

        _emulation.Stopped.Should().BeEmpty();
        DescribeJobs.Answer(_emulation.Store, Emulation.Scope, new() { Jobs = [prefix + id] }).Jobs.Should().BeEmpty();
    }

    private static string Arn(string id) => $"arn:aws:batch:eu-central-1:123456789012:job/{id}";
}
