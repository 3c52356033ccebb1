using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Tests.JobDefinitions;

/// <summary>Node properties (docs/aws-behaviour.md, section 5.6), and the rows of 5.3 about multi-node parallel jobs.</summary>
[Trait("Section", "5.6")]
public sealed class NodePropertiesTests
{
    private const string Container = """{"image":"i","vcpus":1,"memory":128}""";
    private const string Ecs = """{"taskProperties":[{"containers":[{"image":"i","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]}]}]}""";
    private const string Eks = """{"podProperties":{"containers":[{"image":"i","resources":{"limits":{"cpu":"1","memory":"128Mi"}}}]}}""";
    private readonly Emulation _emulation = new();

    [Theory]
    [AwsRule("5.6", Evidence.Live, "1 to 1000 nodes", "Number of nodes must be between 1 and 1000.")]
    [InlineData("5.6", """{"numNodes":0}""", "Number of nodes must be between 1 and 1000.")]
    [InlineData("5.6", """{"numNodes":1001}""", "Number of nodes must be between 1 and 1000.")]
    [AwsRule("5.6", Evidence.Live, "main node", "Main node index is out of range, must be less than numNodes.")]
    [InlineData("5.6", """{"mainNode":4}""", "Main node index is out of range, must be less than numNodes.")]
    [InlineData("5.6", """{"mainNode":-1}""", "Main node index is out of range, must be less than numNodes.")]
    [AwsRule("5.6", Evidence.Live, "at most 5 ranges", "Maximum allowed size of node range properties is 5")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:","container":C},{"targetNodes":"1","container":C},{"targetNodes":"1","container":C},{"targetNodes":"2","container":C},{"targetNodes":"3","container":C},{"targetNodes":"3","container":C}]}""", "Maximum allowed size of node range properties is 5")]
    [AwsRule("5.6", Evidence.Live, "syntax of ranges", "targetNodes should contain only digits.")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"a:","container":C}]}""", "targetNodes should contain only digits.")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:1:3","container":C}]}""", "targetNodes should contain only digits.")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"","container":C}]}""", "targetNodes should contain only digits.")]
    [AwsRule("5.6", Evidence.Live, "range without properties", "Must specify container for node range <range>")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:3"}]}""", "Must specify container for node range 0:3")]
    [AwsRule("5.6", Evidence.Live, "range with both", "NodeRangeProperties can not use both ecsProperties and container fields")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:3","container":C,"ecsProperties":T}]}""", "NodeRangeProperties can not use both ecsProperties and container fields")]
    [AwsRule("5.6", Evidence.Live, "instance types", "Using instanceTypes with nodeRangeProperty is only allowed for ecsProperties jobs.")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:3","container":C,"instanceTypes":["c5.large"]}]}""", "Using instanceTypes with nodeRangeProperty is only allowed for ecsProperties jobs.")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:3","container":{"image":"i","memory":128}}]}""", "vCPU is required.")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:3","container":{"image":"i","vcpus":1}}]}""", "Memory is required.")]
    [AwsRule("5.6", Evidence.Live, "gaps", "Node Range Properties target nodes have missing ranges")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:2","container":C}]}""", "Node Range Properties target nodes have missing ranges")]
    [InlineData("5.6", """{"nodeRangeProperties":[]}""", "Node Range Properties target nodes have missing ranges")]
    [AwsRule("5.6", Evidence.Live, "ranges beyond the nodes",
        "Node range error <range>. Node range should be smaller than number of nodes")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":"0:4","container":C}]}""", "Node range error 0:4. Node range should be smaller than number of nodes")]
    [InlineData("5.6", """{"nodeRangeProperties":[{"targetNodes":":","container":C},{"targetNodes":"4:","container":C}]}""", "Node range error 4:. Node range should be smaller than number of nodes")]
    [AwsRule("5.6", Evidence.Open, "ranges of several kinds")]
    [InlineData("OPEN", """{"nodeRangeProperties":[{"targetNodes":"0:1","container":C},{"targetNodes":"2:3","ecsProperties":T}]}""", OpenTexts.NodeRangesOfOneKind)]
    [InlineData("OPEN", """{"nodeRangeProperties":[{"targetNodes":"0:3","container":C,"eksProperties":K}]}""", OpenTexts.NodeRangePayloads)]
    public void Nodes_are_refused_in_the_words_of_aws(string section, string change, string text)
    {
        var define = () => _emulation.Define(with: _ => Json.Patched(Definition(), $$"""{"nodeProperties":{{Expand(change)}}}"""));

        define.Should().Throw<ClientException>(section).Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
    }

    [Theory]
    [InlineData("5.3", """{"nodeProperties":null}""", "Node properties of multinode job is required.")]
    [InlineData("5.3", """{"platformCapabilities":["FARGATE"]}""", "Fargate does not support MNP jobs")]
    [AwsRule("5.3", Evidence.Live, "nodeProperties on another type",
        "ECS ContainerProperties, ecsProperties, or eksProperties is required when using type container.")]
    [InlineData("5.3", """{"type":"container"}""", "ECS ContainerProperties, ecsProperties, or eksProperties is required when using type container.")]
    [InlineData("5.3", """{"type":"container","containerProperties":C}""", "ECS ContainerProperties, ecsProperties, or eksProperties is required when using type container.")]
    [AwsRule("5.3", Evidence.Live, "node and eks", "Cannot use both nodeProperties and eksProperties")]
    [InlineData("5.3", """{"eksProperties":K}""", "Cannot use both nodeProperties and eksProperties")]
    [AwsRule("5.3", Evidence.Live, "multinode on managed instances", "MANAGED_INSTANCES does not support MNP jobs")]
    [InlineData("5.3", """{"platformCapabilities":["MANAGED_INSTANCES"]}""", "MANAGED_INSTANCES does not support MNP jobs")]
    [AwsRule("5.3", Evidence.Open, "other properties on multinode")]
    [InlineData("OPEN", """{"containerProperties":C}""", OpenTexts.MultinodeTakesNodePropertiesOnly)]
    public void Definition_is_refused_in_the_words_of_aws(string section, string change, string text) =>
        this.Invoking(_ => _emulation.Define(with: _ => Json.Patched(Definition(), Expand(change))))
            .Should()
            .Throw<ClientException>(section)
            .WithMessage(text);

    [Theory]
    [AwsRule("5.6", Evidence.Doc, "`n`, `a:b`, `:b`, `a:`")]
    [InlineData("2", 2, 2)]
    [InlineData("1:3", 1, 3)]
    [InlineData(":3", 0, 3)]
    [InlineData("1:", 1, null)]
    [InlineData(":", 0, null)]
    public void Ranges_read_as_documented(string text, int lower, int? upper) =>
        NodeRange.Parse(text).Should().Be(new NodeRange(lower, upper));

    [Theory]
    [InlineData("3:1")]
    [InlineData("-1")]
    [InlineData("0:99999999999")]
    [InlineData("0 : 1")]
    public void Invalid_range_is_not_parsed(string text) => NodeRange.Parse(text).Should().BeNull();

    [Fact]
    [AwsRule("5.6", Evidence.Live, "of nested ranges the narrower, of two alike the later one holds")]
    public void Narrower_of_nested_ranges_applies_and_the_later_of_equal_ones()
    {
        Wire.NodeRangeProperty Range(string targets, string image) => new() { TargetNodes = targets, Container = new() { Image = image } };
        var nodes = new Wire.NodeProperties { NumNodes = 11, NodeRangeProperties = [Range("4:5", "inner"), Range("0:10", "outer"), Range("7", "first"), Range("7:7", "second")] };

        new[] { 3, 4, 5, 6, 7, 8 }.Select(i => NodeRange.PropertiesOf(nodes, i).Container!.Image)
            .Should().Equal("outer", "inner", "inner", "outer", "second", "outer");
    }

    [Fact]
    public void Containers_of_ranges_are_echoed_like_others()
    {
        var definition = Json.Patched(Definition(), Expand("""{"nodeProperties":{"nodeRangeProperties":[{"targetNodes":"0:","container":C}]}}"""));

        var echo = JobDefinitionEcho.Of(definition);

        echo.NodeProperties!.NodeRangeProperties![0].Container.Should().BeEquivalentTo(new
        {
            Image = "i",
            Command = Array.Empty<string>(),
            Environment = Array.Empty<object>(),
            ResourceRequirements = Array.Empty<object>(),
            JobRoleArn = (string?)null,
        });
        echo.ContainerOrchestrationType.Should().Be("ECS");
        JobDefinitionEcho.Of(Json.Patched(Definition(), Expand("""{"nodeProperties":{"nodeRangeProperties":[{"targetNodes":"0:","eksProperties":K}]}}""")))
            .ContainerOrchestrationType.Should().Be("EKS");
    }

    private static string Expand(string json) => json
        .Replace("\"container\":C", $"\"container\":{Container}")
        .Replace("\"containerProperties\":C", $"\"containerProperties\":{Container}")
        .Replace("\"ecsProperties\":T", $"\"ecsProperties\":{Ecs}").Replace("\"eksProperties\":K", $"\"eksProperties\":{Eks}");

    private static Wire.RegisterJobDefinitionRequest Definition() => Requests.MultiNode(numNodes: 4);
}
