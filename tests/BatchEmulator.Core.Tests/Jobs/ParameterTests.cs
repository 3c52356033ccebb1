using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Parameters and <c>Ref::</c> (docs/aws-behaviour.md, section 5.8).</summary>
[Trait("Section", "5.8")]
public sealed class ParameterTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Fact]
    [AwsRule("5.8", Evidence.Doc, "those of the submission go over those of the definition, key by key")]
    public void Parameters_of_the_submission_override_those_of_the_definition_one_by_one()
    {
        Define(["echo"], ("a", "1"), ("b", "2"));

        var job = Submit(("b", "3"), ("c", "4"));

        job.Parameters.Should().Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "3", ["c"] = "4" });
    }

    [Theory]
    [AwsRule("5.8", Evidence.Infer, "a placeholder is also replaced inside a longer argument, once")]
    [InlineData("Ref::a", "1")]
    [InlineData("x-Ref::a/y", "x-1/y")]
    [InlineData("Ref::a,Ref::b", "1,2")]
    [InlineData("ref::a", "ref::a")]
    [InlineData("Ref::", "Ref::")]
    public void Placeholder_is_replaced_alone_and_inside_a_longer_argument(string argument, string expected)
    {
        Define(["echo", argument], ("a", "1"), ("b", "2"));

        Submit().Container!.Command.Should().Equal("echo", expected);
    }

    [Fact]
    [AwsRule("5.8", Evidence.Infer, "a placeholder is also replaced inside a longer argument, once")]
    public void Substituted_value_is_not_searched_again()
    {
        Define(["Ref::a"], ("a", "Ref::b"), ("b", "2"));

        Submit().Container!.Command.Should().Equal("Ref::b");
    }

    [Fact]
    [AwsRule("5.8", Evidence.Doc, "commands are substituted, also those of overrides")]
    public void Command_of_the_overrides_is_substituted_too()
    {
        Define(["echo", "nothing"], ("a", "1"));

        Describe(r => r with { ContainerOverrides = new() { Command = ["run", "Ref::a"] } }).Container!.Command.Should().Equal("run", "1");
    }

    [Fact]
    [AwsRule("5.8", Evidence.Live, "a placeholder without a value", "Unable to substitute value. No parameter found for reference <name>")]
    public void Placeholder_without_a_value_fails_the_submission()
    {
        Define(["echo", "Ref::who"], ("a", "1"));

        this.Invoking(t => t.Submit()).Should().Throw<ClientException>().Which.Should().Match<ClientException>(
            e => !e.IsWrapped && e.Message == "Unable to substitute value. No parameter found for reference who");
        Submit(("who", "")).Container!.Command.Should().Equal("echo", "");
    }

    [Fact]
    [AwsRule("5.8", Evidence.Infer, "variables are not substituted")]
    public void Variables_are_left_as_they_are()
    {
        _emulation.Define("p", r => r with
        {
            Parameters = new Dictionary<string, string> { ["a"] = "1" },
            ContainerProperties = r.ContainerProperties! with { Environment = [new() { Name = "V", Value = "Ref::a Ref::b" }] },
        });

        Submit().Container!.Environment!.Single().Value.Should().Be("Ref::a Ref::b");
    }

    private void Define(string[] command, params (string Name, string Value)[] parameters) => _emulation.Define("p", r => r with
    {
        Parameters = parameters.ToDictionary(p => p.Name, p => p.Value),
        ContainerProperties = r.ContainerProperties! with { Command = command },
    });

    private Wire.JobDetail Submit(params (string Name, string Value)[] parameters) =>
        Describe(r => r with { Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) });

    /// <summary>Returns the description of a job of the definition.</summary>
    private Wire.JobDetail Describe(Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest> with) =>
        JobDetails.Of(_emulation.Job(_emulation.Submit(with: r => with(r with { JobDefinition = "p" }))), new Dictionary<string, string>());
}
