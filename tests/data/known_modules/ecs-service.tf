module "answers" {
  source      = "terraform-aws-modules/ecs/aws//modules/service"
  version     = "~> 5.11"
  name        = "answers"
  cluster_arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/answers"

  container_definitions = {
    web = {
      image         = "answers:4"
      port_mappings = [{ containerPort = 80 }]
      environment   = [{ name = "MODEL_ID", value = "amazon.nova-lite-v1:0" }]
    }
  }

  tasks_iam_role_name            = "answers"
  tasks_iam_role_use_name_prefix = false
  tasks_iam_role_statements = [{
    actions   = ["bedrock:InvokeModel"]
    resources = ["*"]
  }]
  tasks_iam_role_policies = { read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }
}
