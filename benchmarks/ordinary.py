"""Blocks of ordinary systems, without machine learning, for the generators."""

BLOCKS_YAML = {
    "network": """
  {name}Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.{number}.0.0/16
      EnableDnsSupport: {flag}
  {name}Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref {name}Vpc
      CidrBlock: !Select [{number}, !Cidr [!GetAtt {name}Vpc.CidrBlock, 8, 8]]
  {name}Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: {slug}
      VpcId: !Ref {name}Vpc
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 443
          ToPort: 443
          CidrIp: !GetAtt {name}Vpc.CidrBlock
""",
    "queue": """
  {name}Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "{slug}-${{Stage}}"
      VisibilityTimeout: {number}0
      KmsMasterKeyId: !Ref KmsKey
  {name}Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: {slug}
      Subscription:
        - Protocol: sqs
          Endpoint: !GetAtt {name}Queue.Arn
""",
    "table": """
  {name}Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - AttributeName: id
          AttributeType: S
      KeySchema:
        - AttributeName: id
          KeyType: HASH
      SSESpecification:
        SSEEnabled: {flag}
""",
    "database": """
  {name}Database:
    Type: AWS::RDS::DBInstance
    Condition: IsProduction
    Properties:
      DBInstanceClass: db.t3.medium
      Engine: postgres
      AllocatedStorage: "{number}0"
      MasterUsername: admin
      ManageMasterUserPassword: true
      StorageEncrypted: {flag}
      VPCSecurityGroups: [!Ref {name}Group]
""",
    "logs": """
  {name}Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub "/app/{slug}/${{Stage}}"
      RetentionInDays: 30
""",
    "service": """
  {name}Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Cpu: "256"
      Memory: "512"
      NetworkMode: awsvpc
      RequiresCompatibilities: [FARGATE]
      ContainerDefinitions:
        - Name: app
          Image: !Sub "${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.amazonaws.com/{slug}:{number}"
          Environment:
            - Name: QUEUE
              Value: !Ref {name}Queue
            - Name: TABLE
              Value: !Ref {name}Table
          LogConfiguration:
            LogDriver: awslogs
            Options:
              awslogs-group: !Ref {name}Logs
""",
}
BLOCKS_TERRAFORM = {
    "network": """
resource "aws_vpc" "{slug}" {{
  cidr_block         = "10.{number}.0.0/16"
  enable_dns_support = {flag}
  tags               = local.tags
}}

resource "aws_subnet" "{slug}" {{
  vpc_id     = aws_vpc.{slug}.id
  cidr_block = cidrsubnet(aws_vpc.{slug}.cidr_block, 8, {number})
}}

resource "aws_security_group" "{slug}" {{
  name   = "{slug}"
  vpc_id = aws_vpc.{slug}.id
  ingress {{
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [aws_vpc.{slug}.cidr_block]
  }}
}}
""",
    "queue": """
resource "aws_sqs_queue" "{slug}" {{
  name                       = "{slug}-${{var.stage}}"
  visibility_timeout_seconds = {number}0
  kms_master_key_id          = var.kms_key_arn
}}

resource "aws_sns_topic" "{slug}" {{
  name = "{slug}"
}}

resource "aws_sns_topic_subscription" "{slug}" {{
  topic_arn = aws_sns_topic.{slug}.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.{slug}.arn
}}
""",
    "table": """
resource "aws_dynamodb_table" "{slug}" {{
  name         = "{slug}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {{
    name = "id"
    type = "S"
  }}
  server_side_encryption {{
    enabled = {flag}
  }}
}}
""",
    "database": """
resource "aws_db_instance" "{slug}" {{
  count                       = var.stage == "production" ? 1 : 0
  instance_class              = "db.t3.medium"
  engine                      = "postgres"
  allocated_storage           = {number}0
  username                    = "admin"
  manage_master_user_password = true
  storage_encrypted           = {flag}
  vpc_security_group_ids      = [aws_security_group.{slug}.id]
}}
""",
    "logs": """
resource "aws_cloudwatch_log_group" "{slug}" {{
  name              = "/app/{slug}/${{var.stage}}"
  retention_in_days = 30
}}
""",
    "service": """
resource "aws_ecs_task_definition" "{slug}" {{
  family                   = "{slug}"
  cpu                      = "256"
  memory                   = "512"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{{
    name  = "app"
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/{slug}:{number}"
    environment = [
      {{ name = "QUEUE", value = aws_sqs_queue.{slug}.url }},
      {{ name = "TABLE", value = aws_dynamodb_table.{slug}.name }},
    ]
  }}])
}}
""",
}
