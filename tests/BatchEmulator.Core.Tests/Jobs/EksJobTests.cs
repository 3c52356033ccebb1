using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Pods (docs/aws-behaviour.md, section 5.7).</summary>
[Trait("Section", "5.7")]
public sealed class EksJobTests
{
    private const string Main = """{"name":"main","image":"i","command":["sh"],"args":["-c","Ref::what"],"resources":{"limits":{"cpu":"1","memory":"128Mi"}}}""";
    private const string Init = """{"name":"init","image":"i","resources":{"limits":{"cpu":"0.25","memory":"64Mi"}}}""";
    private readonly Emulation _emulation = new();

    public EksJobTests()
    {
        _emulation.Environment("eks", 8, r => r with
        {
            ComputeResources = r.ComputeResources! with { AllocationStrategy = "BEST_FIT_PROGRESSIVE" },
            EksConfiguration = new() { EksClusterArn = "arn:aws:eks:eu-central-1:123456789012:cluster/c", KubernetesNamespace = "jobs" },
        });
        _emulation.Queue("q", 1, "eks");
    }

    [Theory]
    [AwsRule("5.7", Evidence.Live, "no containers", "Containers must be provided for Batch on EKS jobs.")]
    [InlineData("""{"containers":[]}""", "Containers must be provided for Batch on EKS jobs.")]
    [AwsRule("5.7", Evidence.Live, "cpu not a multiple of 0.25, or in thousandths",
        "Value <v> for type cpu in resources is not valid. Provide a valid number and unit.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"cpu":"250m"}}}]}""", "Value 250m for type cpu in resources is not valid. Provide a valid number and unit.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"cpu":"0.3"}}}]}""", "Value 0.3 for type cpu in resources is not valid. Provide a valid number and unit.")]
    [AwsRule("5.7", Evidence.Live, "cpu request above its limit", "cpu request must be <= to cpu limit if both are provided.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"cpu":"1"},"requests":{"cpu":"2"}}}]}""", "cpu request must be <= to cpu limit if both are provided.")]
    [AwsRule("5.7", Evidence.Live, "memory in Mi alone (a number without a unit: DOC)", "Value <v> for type memory is not valid.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"memory":"2Gi"}}}]}""", "Value 2Gi for type memory is not valid.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"memory":"512"}}}]}""", "Value 512 for type memory is not valid.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"memory":"0Mi"}}}]}""", "Value 0Mi for type memory is not valid.")]
    [AwsRule("5.7", Evidence.Live, "memory request and limit", "memory request must be equal to memory limit if both are provided.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"cpu":"1","memory":"128Mi"},"requests":{"memory":"64Mi"}}}]}""", "memory request must be equal to memory limit if both are provided.")]
    [AwsRule("5.7", Evidence.Live, "GPU request and limit", "gpu request must be equal to gpu limit if both are provided.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"nvidia.com/gpu":"1"},"requests":{"nvidia.com/gpu":"2"}}}]}""", "gpu request must be equal to gpu limit if both are provided.")]
    [AwsRule("5.7", Evidence.Live, "another resource", "<type> is not a supported type for resources.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"amd.com/gpu":"1"}}}]}""", "amd.com/gpu is not a supported type for resources.")]
    [AwsRule("5.7", Evidence.Live, "no cpu, or no memory", "cpu and memory resources must be provided.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"cpu":"1"}}}]}""", "cpu and memory resources must be provided.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"requests":{"memory":"128Mi"}}}]}""", "cpu and memory resources must be provided.")]
    [InlineData("""{"containers":[MAIN],"initContainers":[{"name":"x","image":"i","resources":{"limits":{"memory":"64Mi"}}}]}""", "cpu and memory resources must be provided.")]
    [AwsRule("5.7", Evidence.Live, "no resources", "You must provide a container for eksProperties.")]
    [InlineData("""{"containers":[{"image":"i"}]}""", "You must provide a container for eksProperties.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{}}}]}""", "You must provide a container for eksProperties.")]
    [AwsRule("5.7", Evidence.Live, "pull policy", "Unsupported image pull policy value.")]
    [InlineData("""{"containers":[{"image":"i","imagePullPolicy":"Sometimes","resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}""", "Unsupported image pull policy value.")]
    [AwsRule("5.7", Evidence.Live, "mount of a volume that is not there", "The volumeMounts name is required for eksProperties.")]
    [InlineData("""{"containers":[{"image":"i","volumeMounts":[{"name":"v","mountPath":"/v"}],"resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}""", "The volumeMounts name is required for eksProperties.")]
    [AwsRule("5.7", Evidence.Live, "DNS policy", "Unsupported DNS policy value.")]
    [InlineData("""{"containers":[MAIN],"dnsPolicy":"None"}""", "Unsupported DNS policy value.")]
    [AwsRule("5.7", Evidence.Live, "size of a volume, in Mi", "Invalid empty dir size limit.")]
    [InlineData("""{"containers":[MAIN],"volumes":[{"name":"v","emptyDir":{"sizeLimit":"1Gi"}}]}""", "Invalid empty dir size limit.")]
    [AwsRule("5.7", Evidence.Live, "prefixes of label keys",
        "The prefix <p> of the pod label key cannot contain terms from the following [kubernetes.io, k8s.io, batch.amazonaws.com].")]
    [InlineData("""{"containers":[MAIN],"metadata":{"labels":{"app.kubernetes.io/name":"x"}}}""", "The prefix app.kubernetes.io of the pod label key cannot contain terms from the following [kubernetes.io, k8s.io, batch.amazonaws.com].")]
    [AwsRule("5.7", Evidence.Live, "prefixes of annotation keys",
        "The prefix <p> of the pod annotation key cannot contain terms from the following [kubernetes.io, k8s.io, batch.amazonaws.com].")]
    [InlineData("""{"containers":[MAIN],"metadata":{"annotations":{"batch.amazonaws.com/x":"x"}}}""", "The prefix batch.amazonaws.com of the pod annotation key cannot contain terms from the following [kubernetes.io, k8s.io, batch.amazonaws.com].")]
    [AwsRule("5.7", Evidence.Live, "label values", "The pod label value <v> does not match a valid pattern.")]
    [InlineData("""{"containers":[MAIN],"metadata":{"labels":{"app":"l234567890123456789012345678901234567890123456789012345678901234"}}}""", "The pod label value l234567890123456789012345678901234567890123456789012345678901234 does not match a valid pattern.")]
    [AwsRule("5.7", Evidence.Live, "GPU", "Value <v> for type nvidia.com/gpu in resources is not valid.")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"nvidia.com/gpu":"0.5"}}}]}""", "Value 0.5 for type nvidia.com/gpu in resources is not valid.")]
    [AwsRule("5.7", Evidence.Live, "label keys", "The name <k> of the pod label key does not match a valid pattern.")]
    [InlineData("""{"containers":[MAIN],"metadata":{"labels":{"-bad":"x"}}}""", "The name -bad of the pod label key does not match a valid pattern.")]
    [AwsRule("5.7", Evidence.Live, "namespace default", "kubernetesNamespace cannot be the default Kubernetes namespace.")]
    [InlineData("""{"containers":[MAIN],"metadata":{"namespace":"default"}}""", "kubernetesNamespace cannot be the default Kubernetes namespace.")]
    [AwsRule("5.7", Evidence.Live, "namespace of the system", "kubernetesNamespace cannot be a reserved Kubernetes system namespace.")]
    [InlineData("""{"containers":[MAIN],"metadata":{"namespace":"kube-system"}}""", "kubernetesNamespace cannot be a reserved Kubernetes system namespace.")]
    [AwsRule("5.7", Evidence.Live, "namespace not valid", "kubernetesNamespace must be a valid Kubernetes namespace.")]
    [InlineData("""{"containers":[MAIN],"metadata":{"namespace":"No_Good"}}""", "kubernetesNamespace must be a valid Kubernetes namespace.")]
    [AwsRule("5.7", Evidence.Live, "namespace too long", "kubernetesNamespace must less than or equal to 63 characters.")]
    [InlineData("""{"containers":[MAIN],"metadata":{"namespace":"n123456789012345678901234567890123456789012345678901234567890123"}}""", "kubernetesNamespace must less than or equal to 63 characters.")]
    [AwsRule("5.7", Evidence.Live, "medium of a volume", "Invalid Volume mount. Allowed values - Memory or null.")]
    [InlineData("""{"containers":[MAIN],"volumes":[{"name":"v","emptyDir":{"medium":"Disk"}}]}""", "Invalid Volume mount. Allowed values - Memory or null.")]
    [AwsRule("5.7", Evidence.Live, "names are unique", "The container name: <n> must be unique in multi-container job.")]
    [InlineData("""{"containers":[MAIN,MAIN]}""", "The container name: main must be unique in multi-container job.")]
    public void Register_refuses_in_the_words_of_aws(string pod, string text) =>
        this.Invoking(t => t.Define(pod)).Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(e => e.IsWrapped && e.Message == text);

    public static TheoryData<string, string> RefusedInOurWords => new()
    {
        { """{"containers":[{"image":"","resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}""", OpenTexts.PodImageRequired },
        { $$"""{"containers":[{{string.Join(',', Enumerable.Range(0, 11).Select(i => Main.Replace("main", $"m{i}")))}}]}""", OpenTexts.TooManyPodContainers },
    };

    [Theory]
    [AwsRule("5.7", Evidence.Open, "an image; at most 10 containers")]
    [MemberData(nameof(RefusedInOurWords))]
    public void Register_refuses_where_the_words_of_aws_are_not_known(string pod, string text) =>
        this.Invoking(t => t.Define(pod)).Should().Throw<ClientException>().WithMessage(text);

    [Theory]
    [AwsRule("5.7", Evidence.Infer, "what lies within the limits is accepted")]
    [InlineData("""{"containers":[{"image":"i","resources":{"limits":{"cpu":"0.25","memory":"64Mi","nvidia.com/gpu":"1"},"requests":{"cpu":"0.25","memory":"64Mi"}}}]}""")]
    [InlineData("""{"containers":[MAIN],"metadata":{"namespace":"team-a","labels":{"example.com/app":"x","app":""},"annotations":{"example.com/x":"any ^ text"}},"volumes":[{"name":"v","emptyDir":{"medium":"Memory","sizeLimit":"64Mi"}}],"dnsPolicy":"ClusterFirst"}""")]
    public void Register_accepts_values_within_the_limits(string pod) => this.Invoking(t => t.Define(pod)).Should().NotThrow();

    [Theory]
    [InlineData(255, null)]
    [AwsRule("5.7", Evidence.Live, "length of annotations", "Metadata annotation value <v> cannot be longer than 255 characters.")]
    [InlineData(256, "Metadata annotation value <v> cannot be longer than 255 characters.")]
    public void Annotation_has_255_characters(int length, string? text)
    {
        var value = new string('a', length);

        var define = () => Define("""{"containers":[MAIN],"metadata":{"annotations":{"x":"VALUE"}}}""".Replace("VALUE", value, StringComparison.Ordinal));

        if (text is null)
        {
            define.Should().NotThrow();
        }
        else
        {
            define.Should().Throw<ClientException>().WithMessage(text.Replace("<v>", value, StringComparison.Ordinal));
        }
    }

    [Fact]
    [AwsRule("5.3", Evidence.Live, "propagated tags on EKS", "Batch on EKS does not support tag propagation.")]
    public void Tags_are_not_propagated_to_pods() =>
        this.Invoking(t => t.Define("""{"containers":[MAIN]}""", propagateTags: true)).Should().Throw<ClientException>()
            .WithMessage("Batch on EKS does not support tag propagation.");

    [Fact]
    public void Pod_runs_as_containers_with_init_containers_first()
    {
        Define("""{"containers":[MAIN],"initContainers":[INIT],"volumes":[{"name":"v","emptyDir":{}}]}""");
        var id = Submit();

        var launch = _emulation.Running[_emulation.KeyOf(id)];
        launch.Containers.Select(c => c.Name).Should().Equal("init", "main");
        launch.Containers[1].DependsOn.Should().Equal(new ContainerDependency("init", ContainerCondition.Success));
        launch.Containers.Should().NotContain(c => c.Essential);
        launch.Containers[1].EntryPoint.Should().Equal("sh");
        launch.Containers[1].Command.Should().Equal("-c", "hello");
        launch.Containers[1].Vcpus.Should().Be(1);
        launch.Containers[1].MemoryMiB.Should().Be(128);
    }

    [Fact]
    [AwsRule("8", Evidence.Doc, "names of pods and nodes")]
    [AwsRule("7.3", Evidence.Rec, "containers of a pod have the words of Kubernetes (other than `Completed`: INFER)", "Completed")]
    public void Job_is_described_as_an_eks_job()
    {
        Define("""{"containers":[MAIN],"initContainers":[INIT]}""");
        var id = Submit();
        _emulation.Start(id);
        _emulation.End(id, new AttemptExited([new ContainerEnd("init", 0), new ContainerEnd("main", 2)]));

        var detail = JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());
        detail.Status.Should().Be("FAILED");
        detail.Container.Should().BeNull();
        detail.Attempts.Should().BeEmpty();
        var attempt = detail.EksAttempts.Should().ContainSingle().Subject;
        attempt.Containers!.Select(c => (c.ExitCode, c.Reason)).Should().Equal((2, "Error"));
        attempt.InitContainers!.Select(c => (c.ExitCode, c.Reason)).Should().Equal((0, "Completed"));
        attempt.EksClusterArn.Should().EndWith("cluster/c");
        detail.EksProperties!.PodProperties!.PodName.Should().MatchRegex("^aws-batch\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
        detail.EksProperties.PodProperties.NodeName.Should().MatchRegex("^ip-10-[0-9]+-[0-9]+-[0-9]+\\.eu-central-1\\.compute\\.internal$");
        detail.EksAttempts![0].NodeName.Should().Be(detail.EksProperties.PodProperties.NodeName);
        detail.EksProperties.PodProperties.Containers![0].ExitCode.Should().Be(2);
    }

    [Fact]
    [Trait("Section", "7.3")]
    public void Containers_show_the_reason_when_one_of_them_could_not_be_started()
    {
        Define("""{"containers":[MAIN],"initContainers":[INIT]}""");
        var id = Submit();
        _emulation.End(id, new AttemptNotStarted("CannotPullContainerError: x", null, [new ContainerEnd("init", 0), new ContainerEnd("main", null, "CannotPullContainerError: x")]));

        var attempt = JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>()).EksAttempts![0];
        attempt.Containers!.Select(c => (c.Name, c.ExitCode, c.Reason)).Should().Equal(("main", null, "CannotPullContainerError: x"));
        attempt.InitContainers!.Select(c => (c.Name, c.ExitCode, c.Reason)).Should().Equal(("init", 0, "Completed"));
    }

    [Fact]
    [Trait("Section", "7.3")]
    public void Containers_are_shown_when_only_the_reason_is_known()
    {
        Define("""{"containers":[MAIN],"initContainers":[INIT]}""");
        var id = Submit();
        _emulation.End(id, new AttemptNotStarted("ErrImagePull: nope"));

        var attempt = JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>()).EksAttempts![0];
        attempt.InitContainers!.Select(c => (c.Name, c.ExitCode, c.Reason)).Should().Equal(("init", null, "ErrImagePull: nope"));
        attempt.Containers!.Select(c => (c.Name, c.ExitCode, c.Reason)).Should().Equal(("main", null, null));
    }

    [Theory]
    [Trait("Section", "5.4")]
    [InlineData("""{"name":"AWS_BATCH_X","value":"x"}""", "Environment variable AWS_BATCH_X is reserved: names must not start with AWS_BATCH.")]
    [InlineData("""{"name":"","value":"x"}""", "Environment variable name is required.")]
    public void Variables_of_pods_are_refused_like_others(string variable, string text)
    {
        Define("""{"containers":[MAIN]}""");

        this.Invoking(t => t.Define("""{"containers":[{"image":"i","env":[VARIABLE],"resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}""".Replace("VARIABLE", variable)))
            .Should().Throw<ClientException>().WithMessage(text);
        this.Invoking(t => t.Submit(r => Json.Patched(r, """{"eksPropertiesOverride":{"podProperties":{"containers":[{"name":"main","env":[VARIABLE]}]}}}""".Replace("VARIABLE", variable))))
            .Should().Throw<ClientException>().WithMessage(text);
    }

    [Fact]
    public void Container_without_a_name_is_called_default()
    {
        Define("""{"containers":[MAIN,{"image":"i","resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}""");
        var id = Submit();

        _emulation.Running[_emulation.KeyOf(id)].Containers.Select(c => c.Name).Should().Equal("main", "Default");
        this.Invoking(t => t.Define("""{"containers":[X,X]}""".Replace("X", """{"image":"i","resources":{"limits":{"cpu":"1","memory":"64Mi"}}}""")))
            .Should().Throw<ClientException>().WithMessage("The container name: Default must be unique in multi-container job.");
    }

    [Fact]
    [AwsRule("7.3", Evidence.Infer, "memory exhausted in a pod", "OOMKilled")]
    public void Exhausted_memory_has_the_word_of_kubernetes()
    {
        Define("""{"containers":[MAIN]}""");
        var id = Submit();
        _emulation.Start(id);
        _emulation.End(id, new AttemptExited([new ContainerEnd("main", 137, "OutOfMemoryError: Container killed due to memory usage")]));

        JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>()).EksAttempts![0].Containers![0].Reason.Should().Be("OOMKilled");
    }

    [Theory]
    [AwsRule("8", Evidence.Doc, "names of pods and nodes")]
    [InlineData("us-east-1", "ip-10-0-18-53.ec2.internal")]
    [InlineData("eu-west-1", "ip-10-0-18-53.eu-west-1.compute.internal")]
    public void Node_name_is_the_ec2_host_name_of_its_region(string region, string name) =>
        PrivateAddress.HostName("arn:aws:ecs:x:1:container-instance/c/00000000000000000000000000001234", region).Should().Be(name);

    [Theory]
    [AwsRule("6.2", Evidence.Live, "other overrides than a pod's, bare",
        "Container overrides or node overrides should not be set for Batch on EKS jobs.")]
    [InlineData("""{"containerOverrides":{"command":["x"]}}""")]
    [InlineData("""{"nodeOverrides":{"numNodes":2}}""")]
    public void Overrides_of_another_kind_are_refused_in_the_words_of_aws(string change)
    {
        Define("""{"containers":[MAIN]}""");

        this.Invoking(t => t.Submit(r => Json.Patched(r, change))).Should().Throw<ClientException>().Which.Should().Match<ClientException>(
            e => !e.IsWrapped && e.Message == "Container overrides or node overrides should not be set for Batch on EKS jobs.");
    }

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "containers of tasks and pods are overridden by name")]
    public void Overrides_are_merged_by_container_name()
    {
        Define("""{"containers":[MAIN,{"name":"side","image":"i","resources":{"limits":{"cpu":"0.25","memory":"64Mi"}}}]}""");
        var id = Submit(r => r with
        {
            EksPropertiesOverride = new()
            {
                PodProperties = new() { Containers = [new() { Name = "side", Args = ["x"], Resources = new() { Limits = new Dictionary<string, string> { ["cpu"] = "2" } } }] },
            },
        });

        var pod = _emulation.Job(id).Specification.Pod!;
        pod.Containers![1].Args.Should().Equal("x");
        _emulation.Job(id).Specification.Needs.Should().Be(new ResourceAmounts(3_000, 192));
    }

    [Fact]
    [AwsRule("8", Evidence.Doc, "AWS_BATCH_JOB_KUBERNETES_NODE_UID")]
    public void Pod_has_the_name_of_its_node()
    {
        Define("""{"containers":[MAIN],"initContainers":[INIT]}""");
        var first = Submit();
        var launch = _emulation.Running[_emulation.KeyOf(first)];

        var uids = launch.Containers.Select(c => c.Environment.Single(v => v.Key == "AWS_BATCH_JOB_KUBERNETES_NODE_UID").Value).ToList();
        uids[0].Should().MatchRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
        uids[1].Should().Be(uids[0]);
        AttemptLaunches.For(_emulation.Job(first), []).Containers[0].Environment.Should()
            .Contain(v => v.Value == uids[0], "a restart gives the same");
    }

    [Fact]
    [AwsRule("6.2", Evidence.Live, "definition of another capability, bare (FARGATE INFER)",
        "Job Queue is attached to Compute Environment that can not run Jobs with capability <C>.")]
    public void Eks_definition_is_refused_by_another_queue()
    {
        _emulation.Environment();
        _emulation.Queue("plain", 1, "ce");
        Define("""{"containers":[MAIN]}""");

        this.Invoking(t => t.Submit(r => r with { JobQueue = "plain" })).Should().Throw<ClientException>()
            .WithMessage("Job Queue is attached to Compute Environment that can not run Jobs with capability EKS.");
    }

    private void Define(string pod, bool? propagateTags = null)
    {
        var request = Json.Patched(
            new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "p", Type = "container", Parameters = new Dictionary<string, string> { ["what"] = "hello" } },
            """{"eksProperties":{"podProperties":POD}}""".Replace("POD", pod.Replace("MAIN", Main).Replace("INIT", Init)));
        _emulation.Call(Wire.Operations.RegisterJobDefinition, request with { PropagateTags = propagateTags });
    }

    private string Submit(Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest>? with = null) =>
        _emulation.Submit(with: r => { var own = r with { JobDefinition = "p" }; return with is null ? own : with(own); });
}
