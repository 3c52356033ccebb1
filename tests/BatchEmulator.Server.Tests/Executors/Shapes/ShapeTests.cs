using BatchEmulator.Server.Tests.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors.Shapes;

/// <summary>
/// The representation of a job is independent of its executor: DescribeJobs, summaries and events have the same members with every
/// executor, for each kind of job in each of its states.
/// </summary>
[Trait("Section", "7.5")]
public sealed class ShapeTests
{
    [Theory]
    [AwsRule("7.5", Evidence.Infer, "what is shown has one shape whatever runs the job")]
    [InlineData("process")]
    [InlineData("docker")]
    public async Task Shapes_of_a_job_are_the_same_with_every_executor(string executor)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands are for a POSIX shell.");
        var image = executor == "docker" ? await DockerTestEngine.ImageAsync() : "any";

        var runs = await Task.WhenAll(ShapeRun.OfAsync("simulated", "any"), ShapeRun.OfAsync(executor, image));

        var (simulated, real) = (runs[0], runs[1]);
        real.Keys.Should().HaveCountGreaterThan(300).And.BeEquivalentTo(simulated.Keys);
        var differences = real.Where(shape => simulated.GetValueOrDefault(shape.Key) != shape.Value)
            .Select(shape => $"{shape.Key}\n  simulated {simulated.GetValueOrDefault(shape.Key)}\n  {executor} {shape.Value}");
        string.Join("\n", differences).Should().BeEmpty();
    }
}
