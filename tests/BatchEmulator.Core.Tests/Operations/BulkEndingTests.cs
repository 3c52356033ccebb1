using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Operations;

/// <summary>Bulk operations (docs/aws-behaviour.md, section 13).</summary>
[Trait("Section", "13")]
public sealed class BulkEndingTests
{
    private readonly Emulation _emulation = new Emulation().Ready(maxVcpus: 1);

    [Fact]
    public void Each_id_is_handled_separately()
    {
        var running = _emulation.Submit();
        _emulation.Start(running);
        var waiting = _emulation.Submit();

        var reply = _emulation.Call(
            Wire.Operations.TerminateJobs,
            new() { Jobs = [running, waiting, "f1f1f1f1-0000-4000-8000-000000000000", "no id"], Reason = "all of them" });

        reply.Successful.Should().Equal(running, waiting, "f1f1f1f1-0000-4000-8000-000000000000");
        reply.Errors.Should().ContainSingle().Which.Should()
            .Match<Wire.TerminateJobsErrorDetail>(e => e.Job == "no id" && e.Code == "ValidationException");
        _emulation.Job(waiting).StatusReason.Should().Be("all of them");
        _emulation.Stopped.Should().Equal(_emulation.KeyOf(running));
    }

    [Fact]
    public void Cancelling_leaves_running_jobs_alone()
    {
        var running = _emulation.Submit();
        _emulation.Start(running);
        var array = _emulation.SubmitArray(2);

        var reply = _emulation.Call(Wire.Operations.CancelJobs, new() { Jobs = [running, $"{array}:1"], Reason = "r" });

        reply.Errors.Should().BeEmpty();
        _emulation.Job(running).Status.Should().Be(JobStatus.Running);
        _emulation.Job($"{array}:1").Status.Should().Be(JobStatus.Failed);
        _emulation.Job($"{array}:0").Status.Should().Be(JobStatus.Runnable);
    }

    [Theory]
    [InlineData(51, false)]
    [InlineData(51, true)]
    [InlineData(0, true)]
    public void Number_of_ids_is_bounded(int count, bool strict)
    {
        var emulation = new Emulation(new() { Limits = strict ? Limits.Strict : Limits.Relaxed });
        var cancel = () => emulation.Call(
            Wire.Operations.CancelJobs,
            new() { Jobs = [.. Enumerable.Repeat("f1f1f1f1-0000-4000-8000-000000000000", count)], Reason = "r" });

        cancel.Should().Throw<ClientException>().WithMessage(OpenTexts.BulkSize);
    }
}
